// Stage SQL by name: built into the program, or read from a directory while somebody edits it.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "daedalus/config.h"

namespace daedalus {

/// The files of sql/skeleton/. A file that was edited in `sql_dir`, a copy of sql/, wins over the
/// built-in one. Every file may name the feed's own columns, by the markers {{user}}, {{item}},
/// {{time}} and {{event}}.
class SqlLibrary {
 public:
  /// Throws Error{kConfig} when `sql_dir` is not laid out as sql/, holds a file there that no stage
  /// reads, or an edited one outside of skeleton/, where no stage's SQL is.
  explicit SqlLibrary(const FeedKeys& keys, std::filesystem::path sql_dir = {});

  /// The SELECT in `{name}.sql` with its markers filled in. Throws Error{kBug} for an unknown name
  /// or marker, kConfig when the file is an edited one.
  [[nodiscard]] std::string select(const std::string& name,
                                   const std::map<std::string, std::string>& markers = {}) const;

  /// Where `{name}.sql` is: its path in `sql_dir` when it is edited there, or in the source tree.
  [[nodiscard]] std::string file(const std::string& name) const;

  [[nodiscard]] bool is_edited(const std::string& name) const { return edited_.contains(name); }

  /// The files that differ from the built-in ones: name to text.
  [[nodiscard]] const std::map<std::string, std::string>& edited() const { return edited_; }

 private:
  std::filesystem::path sql_dir_;
  std::map<std::string, std::string> key_names_;  ///< By marker; quoted.
  std::map<std::string, std::string> edited_;
};

}  // namespace daedalus
