// The warnings of a run: pure judgement of configuration, catalog and counts.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/time_zone.h"
#include "catalog/catalog.h"
#include "daedalus/warning.h"
#include "plan/plan.h"
#include "run/row_accounting.h"

namespace daedalus {

/// unused-aggregation: columns of aggregations and windowed joins that are in no output column, and
/// that no rule reads or sets.
std::vector<Warning> unused_aggregations(const Config& config);

/// absent-passthrough: columns of the user's own list that no file of the feed has.
std::vector<Warning> absent_passthrough(const Catalog& catalog);

/// missing-partition: whole days of `spine` without a partition of the feed, as gaps between its
/// partitions (in order of time) or before the first of them.
std::vector<Warning> missing_partitions(const std::vector<FeedPartition>& partitions,
                                        const Interval& spine, const TimeZone& zone = {});

/// Events that switched-on steps look for.
std::set<std::string> events_of_steps(const Config& config, bool has_session);

/// unknown-event: those that no row has.
std::vector<Warning> unknown_events(const std::set<std::string>& events_that_no_row_has);

/// Rows of the feed that belong to no day.
struct UnusedRows {
  std::int64_t null_time = 0;  ///< Without a time.
  std::int64_t before = 0;     ///< Before the partition that they stand in.
  std::int64_t after = 0;      ///< After it.

  [[nodiscard]] std::int64_t misplaced() const { return before + after; }
};

/// Those of `partitions`, by what a sweep has counted as kUnusedRows.
UnusedRows unused_rows(const Counts& counts, const std::vector<FeedPartition>& partitions);

/// null-times and misplaced-rows.
std::vector<Warning> unused_row_warnings(const UnusedRows& rows);

/// unknown-codes: encoded columns of which more than 1 % of the day's valid rows have values that
/// the encoding doesn't know.
std::vector<Warning> unknown_codes(const Plan& plan, const Counts& counts);

/// empty-join: views and the pool that know less than 1 % of the day's rows.
std::vector<Warning> empty_joins(const Plan& plan, const Counts& counts);

/// newer-features: views of which more than 1 % of the published rows show a version that is not
/// older than the row. One warning for all of them.
std::vector<Warning> newer_features(const Plan& plan, const Counts& counts);

}  // namespace daedalus
