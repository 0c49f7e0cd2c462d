// Stage SQL by name: built into the program, or read from a directory while somebody edits it.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace daedalus {

/// The files of sql/skeleton/. A file in `sql_dir` wins over the built-in one of the same name.
class SqlLibrary {
 public:
  explicit SqlLibrary(std::filesystem::path sql_dir = {});

  /// The SELECT in `{name}.sql` with its markers filled in. Throws Error{kBug} for an unknown name,
  /// kConfig when a file of `sql_dir` can't be read.
  [[nodiscard]] std::string select(const std::string& name,
                                   const std::map<std::string, std::string>& markers = {}) const;

 private:
  std::filesystem::path sql_dir_;
};

}  // namespace daedalus
