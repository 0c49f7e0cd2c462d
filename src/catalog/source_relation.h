// One source as a relation: its files, inspected, and the SELECT that reads them in the catalog's
// names and types.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "catalog/source_files.h"
#include "daedalus/config.h"
#include "engine/engine.h"

namespace daedalus {

/// What a column is for; decides which types it may have.
enum class ColumnRole {
  kPlain,
  kCode,       ///< Encoded: numbers leave as integers, all else as text.
  kKey,        ///< An id: text or an integer.
  kEvent,      ///< Text.
  kEventTime,  ///< The feed's time: as kTime, and leaves as a TIMESTAMP in any case.
  kTime,       ///< A timestamp or date; in CSV and JSON also ISO 8601 text.
};

/// A column that the catalog declares.
struct DeclaredColumn {
  std::string name;         ///< As Daedalus calls it.
  std::string source_name;  ///< As the source calls it.
  ColumnRole role = ColumnRole::kPlain;
  bool optional = false;
  std::string assumed_type = "VARCHAR";  ///< For a plan that is checked without any file.
};

/// A dataset after a look at its schema.
struct InspectedDataset {
  Dataset dataset;
  std::map<std::string, std::string> types;  ///< Lower-case source column to DuckDB type.
  std::map<std::string, std::string>
      names;  ///< Lower-case source column to its spelling in the file.
  bool own_time_format =
      false;          ///< CSV whose times detection reads in a form that is not ISO 8601.
  std::string error;  ///< What is wrong with it, e.g. "can't be read: …"; empty when it is fine.
  std::string fix;    ///< What would mend that.
};

/// Whether two key types may be compared: both text, or both integers of whatever width.
bool same_key_kind(const std::string& type, const std::string& other);

/// The files of a source and how to read them. Timestamps leave as TIMESTAMP in UTC, whatever the
/// source holds.
class SourceRelation {
 public:
  SourceRelation() = default;
  /// Reads the schema of each of `datasets` (by an instance of its own where `engine` doesn't read
  /// Lance), and rows only where a type is to be found in them.
  /// `label` names the source in messages: "feed", "view x". A dataset that can't be read, lacks a
  /// column that is not optional, or has it in a type that its role does not allow, is remembered
  /// as such: it harms only what reads it. Throws Error{kInput} when the types of the others don't
  /// go together.
  SourceRelation(Engine& engine, std::string label, Source source,
                 std::vector<DeclaredColumn> declared, std::vector<Dataset> datasets);

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

 private:
  [[nodiscard]] std::string select_of(std::span<const InspectedDataset* const> datasets) const;
  [[nodiscard]] std::string reader(const std::vector<const InspectedDataset*>& group) const;
  [[nodiscard]] std::string expression(const DeclaredColumn& column,
                                       const InspectedDataset& dataset,
                                       const std::string& type) const;
  void look_at(Engine& engine, InspectedDataset& inspected) const;
  void inspect(Engine& engine, InspectedDataset& inspected) const;
  [[nodiscard]] std::vector<std::string> undeclared_text(
      const std::map<std::string, std::string>& types,
      const std::map<std::string, std::string>& names) const;
  [[nodiscard]] bool reads_time_as_text(const InspectedDataset& dataset,
                                        const DeclaredColumn& column) const;
  [[nodiscard]] std::map<std::string, std::string> type_overrides(
      const InspectedDataset& dataset) const;
  void check_columns(InspectedDataset& inspected) const;
  [[nodiscard]] std::string leaving_type(const InspectedDataset& inspected,
                                         const DeclaredColumn& column) const;
  void drop_empty_votes(Engine& engine, const DeclaredColumn& column);
  [[nodiscard]] std::string unified_type(Engine& engine, const DeclaredColumn& column);

  std::string label_;
  Source source_;
  std::vector<DeclaredColumn> declared_;
  std::vector<InspectedDataset> datasets_;
  std::vector<ColumnType> columns_;
};

/// A SELECT without rows, of these columns.
std::string select_empty(const std::vector<ColumnType>& columns);

}  // namespace daedalus
