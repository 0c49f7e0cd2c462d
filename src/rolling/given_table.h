// A caller's Arrow table as a relation of DuckDB: its columns by number, in the types with which
// they leave.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daedalus/pit_input.h"
#include "engine/engine.h"

namespace daedalus {

/// A new directory below `temp_directory` of `settings`, or else the system's. It goes with the
/// last copy of the pointer. Throws Error{kEnvironment}.
std::shared_ptr<const std::filesystem::path> make_scratch_directory(
    const std::map<std::string, std::string>& settings);

class GivenTable {
 public:
  /// Writes `table` to `file`, from where `engine` and others read it. `label` names it in
  /// messages: "events", "rows". Throws Error{kEnvironment, kInput} when it can't be written.
  GivenTable(Engine& engine, std::string label, const std::shared_ptr<arrow::Table>& table,
             std::filesystem::path file);

  /// The same table under another label.
  [[nodiscard]] GivenTable as(std::string label) const;

  [[nodiscard]] bool has(const std::string& column) const { return number_of(column) >= 0; }

  /// All columns as `c0`, `c1`, …, the row's number as `__place`, and `keys` by their names: times
  /// as TIMESTAMP, `event` as VARCHAR.
  [[nodiscard]] std::string select(const std::vector<std::string>& keys) const;

  /// A column of select().
  [[nodiscard]] std::string expression(const std::string& column) const;
  /// The same of the rows' own value, as one of `events`' type; a value that this can't hold equals
  /// none of theirs, and is NULL.
  [[nodiscard]] std::string own_expression(const std::string& column,
                                           const GivenTable& events) const;
  /// The columns but for `keys`, as the tail of a descending ORDER BY.
  [[nodiscard]] std::string other_columns(const std::vector<std::string>& keys) const;

  /// Adds what makes this table of events, with these rows, no input of `spec`.
  void check_listed(const AggregationSpec& spec, const GivenTable& rows,
                    std::vector<Problem>& problems) const;
  /// Adds the `keys` that are missing, or of a type that no key has.
  void check_key_columns(const std::vector<std::string>& keys,
                         std::vector<Problem>& problems) const;
  /// Throws Error{kDataCheck} for NULLs in `keys`, and for times that are not finite.
  void check_key_values(Engine& engine, const std::vector<std::string>& keys) const;

  /// A column's type, as it leaves.
  [[nodiscard]] const std::string& type_of(const std::string& column) const;
  [[nodiscard]] const std::string& label() const { return label_; }

 private:
  [[nodiscard]] int number_of(const std::string& column) const;
  [[nodiscard]] std::string missing(const std::string& column) const;

  std::string label_;
  std::filesystem::path file_;
  std::vector<std::string> names_;
  std::vector<std::string> file_types_;  ///< As DuckDB reads them.
  std::vector<std::string> types_;       ///< As they leave.
};

}  // namespace daedalus
