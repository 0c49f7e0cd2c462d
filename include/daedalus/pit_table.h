// aggregate_pit_table: rolling point-in-time aggregations, by interchangeable engines that agree to
// the last element.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daedalus/engine_settings.h"

namespace arrow {
class MemoryPool;
class Table;
}  // namespace arrow

namespace daedalus {

/// Events and rows as SELECTs, readable by any DuckDB instance.
struct PitTable {
  /// Columns `__key` (any type, never NULL), `__t` TIMESTAMP, `__seq` BIGINT (unique; it grows from
  /// a key's newest event to its oldest, in the total order), `__event` INTEGER (an index into
  /// `event_names`), and a column for each one that a specification lists, or `__item` BIGINT.
  /// Ordered by `__key`, then `__seq`.
  std::string events;
  /// Columns that depend on an event's item alone, of items 0, 1, 2, … in this order; empty when
  /// the events have all columns themselves.
  std::string items;
  std::vector<std::string> event_names;
  /// Columns `__row_id` BIGINT (0, 1, 2, …, one a row), `__key` (NULL: no events), `__t`, and for
  /// each specification with `exclude_self` the row's own value as `__own_{column}`. Ordered by
  /// `__row_id`.
  std::string rows;
  /// The columns of `items` whose own value is that of the row's own item: in place of
  /// `__own_{column}` rows then have that item's number, as `__item` BIGINT.
  std::vector<std::string> own_of_item;
  /// `__key` is a BIGINT, and both are in its ascending order, with a key's rows by `__t`: then an
  /// engine may read both side by side, and hold little at a time.
  bool rows_by_key = false;
};

/// One aggregation and the names of the columns that it yields, one for each of its windows (one
/// alone when cumulative).
struct PitSpec {
  AggregationSpec spec;
  std::vector<std::string> output_names;
};

/// The specifications of the configuration, with the output names that semantics.md gives them.
std::vector<PitSpec> pit_specs(const std::vector<AggregationSpec>& specs);

/// Computes the aggregations of one PitTable, from its first row to its last.
class PitEngine {
 public:
  virtual ~PitEngine() = default;

  /// The columns of all specifications, in their order, for the next rows by `__row_id`: at most
  /// `rows` of them, fewer when their lists are long, and none after the last. The table must not
  /// outlive the engine, whose memory it may hold, unless that was given a pool. Lists are never
  /// NULL; where PitTable::items has the strings that they list, these may come in a dictionary of
  /// distinct entries, with 32-bit indices. Counts are BIGINT. For a row at `t` and a window `w`
  /// they are over the key's events in `[t - w, t)`. Throws Error: kEnvironment when memory or disk
  /// ran out, kInput for data that can't be read.
  virtual std::shared_ptr<arrow::Table> next(std::int64_t rows) = 0;
};

/// An engine by name: "native", which is fast; "duckdb", the reference: per-key arrays and slices
/// of them; "polars", the Python package as a process of its own. All give the same, but for how
/// many rows next() gives at once. Throws Error{kConfig} for a name that this build does not have.
/// `settings` must allow the files of the table. `pool`: where lists are made, for tables that are
/// to outlive the engine; null: in memory of the engine's, which is faster.
std::unique_ptr<PitEngine> make_pit_engine(const std::string& name, const PitTable& table,
                                           const std::vector<PitSpec>& specs,
                                           const EngineSettings& settings,
                                           arrow::MemoryPool* pool = nullptr);

/// Names of the engines that need nothing but this library.
const std::vector<std::string>& pit_engine_names();

}  // namespace daedalus
