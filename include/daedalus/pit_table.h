// aggregate_pit_table: rolling point-in-time aggregations, by interchangeable engines that agree to
// the last element.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daedalus/config.h"

namespace arrow {
class Table;
}

namespace daedalus {

/// Events and rows as SELECTs, readable by any DuckDB instance.
struct PitTable {
  /// Columns `__key`, `__t` TIMESTAMP, `__seq` BIGINT (unique; the place in the total order of the
  /// key's events), `__event` VARCHAR, and a column for each one that a specification lists.
  std::string events;
  /// Columns `__row_id` BIGINT (0, 1, 2, …, one a row), `__key`, `__t`, and for each specification
  /// with `exclude_self` the row's own value as `__own_{column}`.
  std::string rows;
};

/// One aggregation and the names of the columns that it yields, one for each of its windows (one
/// alone when cumulative).
struct PitSpec {
  AggregationSpec spec;
  std::vector<std::string> output_names;
};

/// The specifications of the configuration, with the output names that semantics.md gives them.
std::vector<PitSpec> pit_specs(const std::vector<AggregationSpec>& specs);

/// Computes the aggregations of one PitTable, a run of rows at a time.
class PitEngine {
 public:
  virtual ~PitEngine() = default;

  /// The columns of all specifications, in their order, for the rows with `first <= __row_id <
  /// last`, in the order of `__row_id`. Lists are never NULL; counts are BIGINT. For a row at `t`
  /// and a window `w` they are over the key's events in `[t - w, t)`. Throws
  /// Error: kEnvironment when memory or disk ran out, kInput for data that can't be read.
  virtual std::shared_ptr<arrow::Table> aggregate(std::int64_t first, std::int64_t last) = 0;
};

/// An engine by name. "duckdb" is the reference: per-key arrays and slices of them. Throws
/// Error{kConfig} for a name that this build does not have. `settings`: DuckDB settings.
std::unique_ptr<PitEngine> make_pit_engine(const std::string& name, const PitTable& table,
                                           const std::vector<PitSpec>& specs,
                                           const std::map<std::string, std::string>& settings);

/// Names that make_pit_engine() knows.
const std::vector<std::string>& pit_engine_names();

}  // namespace daedalus
