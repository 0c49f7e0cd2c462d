// Any table of events as input of aggregate_pit_table: checked, numbered and in the total order,
// for every engine alike.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daedalus/pit_table.h"

namespace arrow {
class Schema;
}

namespace daedalus {

/// Reads specifications as `aggregation_specs` of aggregations.yaml has them, from the YAML (or
/// JSON) text of that list. Throws Error{kConfig} with every problem found.
std::vector<AggregationSpec> parse_aggregation_specs(const std::string& yaml);

/// Events and rows of a caller, as files in a directory of their own below `temp_directory` (a
/// DuckDB setting; else the system's), which goes with the object.
///
/// Events of one user and instant are ordered as semantics.md says: by their tie, artwork_id,
/// event, and then the other columns as they stand in the table.
class PitInput {
 public:
  /// `events`: columns `user_id`, `artwork_id` (each text or integers), `event_timestamp`
  /// (timestamps; finer ones than microseconds are rounded down, zones become UTC) and `event`
  /// (text), and each spec's `column`. `rows`: `user_id` (NULL: no events), `event_timestamp`, and
  /// `column` of each spec with exclude_self; null: the events are the rows. `settings`: DuckDB
  /// settings.
  ///
  /// Throws Error: kConfig for a column that is missing or of no use to its spec, and for two
  /// columns of one name in the result; kInput for key columns of another type; kDataCheck for
  /// NULLs in them; kEnvironment when memory or disk ran out.
  PitInput(const std::shared_ptr<arrow::Table>& events, const std::shared_ptr<arrow::Table>& rows,
           const std::vector<AggregationSpec>& specs,
           const std::map<std::string, std::string>& settings);

  [[nodiscard]] const PitTable& table() const { return table_; }
  [[nodiscard]] const std::vector<PitSpec>& specs() const { return specs_; }
  [[nodiscard]] const EngineSettings& settings() const { return settings_; }

  /// Parquet files of what table() selects: of the events, without `__seq`, and of the rows,
  /// without
  /// `__row_id`. Both are the number of the row in the file.
  [[nodiscard]] std::filesystem::path events_file() const { return *directory_ / "events.parquet"; }
  [[nodiscard]] std::filesystem::path rows_file() const { return *directory_ / "rows.parquet"; }

  /// The columns that the specifications yield, in their order, as every engine has to make them.
  [[nodiscard]] const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }

  /// `result`, which is in the order of `__row_id`, in the order of the caller's rows.
  [[nodiscard]] std::shared_ptr<arrow::Table> in_given_order(
      std::shared_ptr<arrow::Table> result) const;

 private:
  void number(const std::shared_ptr<arrow::Table>& events,
              const std::shared_ptr<arrow::Table>& rows);

  std::shared_ptr<const std::filesystem::path> directory_;  ///< Goes with the last copy.
  EngineSettings settings_;
  std::vector<PitSpec> specs_;
  PitTable table_;
  std::shared_ptr<arrow::Schema> schema_;
  std::vector<std::int64_t> row_ids_;  ///< Of the caller's rows; empty when they are in this order.
};

/// The columns of all specifications for the caller's rows, in their order: a list per row and
/// window, never NULL, or an int64 count. `engine` as in make_pit_engine(). Throws Error as
/// PitEngine does.
std::shared_ptr<arrow::Table> aggregate_pit_table(const PitInput& input, const std::string& engine);

}  // namespace daedalus
