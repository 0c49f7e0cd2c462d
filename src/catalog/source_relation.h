// One source as a relation: its files, inspected, and the SELECT that reads them in the catalog's
// names and types.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "catalog/file_column.h"
#include "catalog/source_files.h"
#include "catalog/text_memory.h"
#include "daedalus/config.h"
#include "engine/engine.h"

namespace daedalus {

/// Whether two key types may be compared: both text, or both integers of whatever width.
bool same_key_kind(const std::string& type, const std::string& other);

/// A text source's part in a TextMemory: a file whose values its types can't hold is at fault, and
/// what is seen of files is kept there.
struct Remembered {
  TextMemory* memory = nullptr;  ///< Null: types are found anew, and nothing is kept.
  std::string source;            ///< "feed", "views.NAME" or "embedding_pool".
};

/// The files of a source and how to read them. Timestamps leave as TIMESTAMP in UTC, whatever the
/// source holds.
class SourceRelation {
 public:
  SourceRelation() = default;
  /// Reads the schema of each of `datasets` (by an instance of its own where `engine` doesn't read
  /// Lance), and all rows where a type is to be found in them: those of CSV and JSON.
  /// `label` names the source in messages: "feed", "view x". A dataset that can't be read, lacks
  /// a column that is not optional, or has it in a type that its role does not allow, is remembered
  /// as such: it harms only what reads it. Throws Error{kInput} when the types of the others don't
  /// go together.
  SourceRelation(Engine& engine, std::string label, Source source,
                 std::vector<DeclaredColumn> declared, std::vector<Dataset> datasets,
                 const Remembered& remembered = {});

  /// The columns that exist, in the declared order, with the one type that holds for all files.
  [[nodiscard]] const std::vector<ColumnType>& columns() const { return columns_; }
  /// The type of column `name`, or null when no file has it.
  [[nodiscard]] const std::string* type_of(const std::string& name) const;
  [[nodiscard]] const std::vector<InspectedDataset>& datasets() const { return datasets_; }
  [[nodiscard]] bool is_lance() const { return source_.format == SourceFormat::kLance; }
  [[nodiscard]] const std::string& label() const { return label_; }
  /// The label and the path, for messages.
  [[nodiscard]] std::string description() const { return label_ + " (" + source_.path + ")"; }
  /// What an Engine that is to read it has to know of Lance: the description, or nothing.
  [[nodiscard]] std::string lance_description() const { return is_lance() ? description() : ""; }

  /// A SELECT of all rows of `datasets` (which are among datasets()), or of all, with exactly
  /// columns(). Throws Error{kInput} when one of them can't be read.
  [[nodiscard]] std::string select(std::span<const Dataset> datasets) const;
  [[nodiscard]] std::string select_all() const;
  /// A SELECT without rows, of the same columns and types.
  [[nodiscard]] std::string select_empty() const;
  /// All files of all datasets, for the manifest.
  [[nodiscard]] std::vector<InputFile> files() const;

  /// The declared columns that `dataset`, one of datasets(), has.
  [[nodiscard]] std::set<std::string> columns_in(const Dataset& dataset) const;
  /// What was seen of the columns whose types come from their values, with what was known: what
  /// later values are held to. Nothing while a file is at fault.
  [[nodiscard]] KnownShapes kept_shapes() const;

 private:
  [[nodiscard]] std::string select_of(std::span<const InspectedDataset* const> datasets) const;
  [[nodiscard]] std::string reader(const std::vector<const InspectedDataset*>& group) const;
  [[nodiscard]] std::string expression(const DeclaredColumn& column, const FileColumn* of_file,
                                       const std::string& type) const;
  void look_at(Engine& engine, InspectedDataset& inspected, TextMemory* memory) const;
  [[nodiscard]] std::string question() const;
  void add_path_columns(InspectedDataset& inspected) const;
  void check_columns(Engine& engine, InspectedDataset& inspected,
                     const std::vector<std::string>& names) const;
  [[nodiscard]] std::string objection(Engine& engine, const DeclaredColumn& column,
                                      const InspectedDataset& inspected) const;
  void hold_to(Engine& engine, const KnownShapes& known, InspectedDataset& inspected) const;
  [[nodiscard]] bool has_found_type(const DeclaredColumn& column, const FileColumn& of_file) const;
  [[nodiscard]] std::string leaving_type(const InspectedDataset& inspected,
                                         const DeclaredColumn& column) const;
  [[nodiscard]] std::string unified_type(Engine& engine, const DeclaredColumn& column);
  [[nodiscard]] std::string one_type(Engine& engine, const DeclaredColumn& column,
                                     const std::map<std::string, std::string>& types) const;

  std::string label_;
  Source source_;
  std::vector<DeclaredColumn> declared_;
  std::vector<InspectedDataset> datasets_;
  std::map<std::string, std::size_t> places_;  // of datasets_, by path
  std::vector<ColumnType> columns_;
  KnownShapes shapes_;
};

/// A SELECT without rows, of these columns.
std::string select_empty(const std::vector<ColumnType>& columns);

}  // namespace daedalus
