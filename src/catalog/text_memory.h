// What is remembered of CSV and JSON sources: the types that their columns have had, and what was
// seen in files that have not changed since.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "catalog/file_column.h"

namespace daedalus {

/// Values seen of columns of a CSV or JSON source, by our name.
using KnownShapes = std::map<std::string, TextShape>;

/// Types and files of all text sources of an output_root.
class TextMemory {
 public:
  /// The file of output_root with the types. A later value that one of them can't hold is at fault.
  static constexpr const char* kTypesFile = "_types.json";
  /// That of what was seen in files. Losing it costs the time of looking again, and nothing else.
  static constexpr const char* kFilesFile = "_seen_text_files.json";

  TextMemory() = default;
  /// What stands in `output_root`; nothing where nothing does. Throws Error{kEnvironment} when the
  /// types can't be read.
  explicit TextMemory(const std::filesystem::path& output_root);

  /// The shapes of a source: "feed", "views.NAME" or "embedding_pool".
  [[nodiscard]] const KnownShapes& known(const std::string& source) const;
  void know(const std::string& source, KnownShapes shapes);

  /// Gives `inspected`, of which the dataset is known, what was seen in it when the same was asked
  /// of the same file; false where it was not.
  bool recall(const std::string& question, InspectedDataset& inspected) const;
  void remember(const std::string& question, const InspectedDataset& inspected);

  /// The texts of the two files, in an order that depends on what they hold alone.
  [[nodiscard]] std::string types_json() const;
  [[nodiscard]] std::string files_json() const;
  [[nodiscard]] bool has_types() const { return !known_.empty(); }
  [[nodiscard]] bool has_new_files() const { return has_new_files_; }

 private:
  struct Seen {
    std::string question;
    InspectedDataset inspected;
  };

  std::map<std::string, KnownShapes> known_;
  std::map<std::string, Seen> seen_;  // by path
  bool has_new_files_ = false;
};

}  // namespace daedalus
