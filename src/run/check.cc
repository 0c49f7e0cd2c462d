// check_skeleton_stage(): the plan of a day, bound on empty relations.
#include "daedalus/check.h"

#include <algorithm>
#include <iterator>

#include "plan/plan.h"
#include "run/silent_observer.h"
#include "run/warning_log.h"
#include "run/warnings.h"

namespace daedalus {
namespace {

CheckedSource checked(const SourceRelation& relation) {
  CheckedSource source{relation.label(), relation.datasets().size(), 0, relation.columns().size()};
  for (const InputFile& file : relation.files()) source.bytes += file.bytes;
  return source;
}

// The partitions that are missing to some day of feed_start..feed_end that has one of its own.
std::vector<Warning> missing_to_any_day(const Catalog& catalog) {
  const Config& config = catalog.config();
  if (lookback(config) == std::chrono::days(0)) return {};
  const TimeZone& zone = catalog.day_zone();
  Interval range{zone.start_of(first_day(config.runtime.feed_start)), kAlways.end};
  if (!config.runtime.feed_end_latest) range.end = zone.start_of(end_day(config.runtime.feed_end));
  const std::vector<FeedPartition> own = catalog.partitions_in(range);
  if (own.empty()) return {};
  const Day first = zone.day_of(std::max(range.begin, own.front().interval.begin));
  const Micros end = std::min(range.end, own.back().interval.end);
  return missing_partitions(catalog.partitions(), {spine_of(catalog, first).begin, end}, zone);
}

// What a run would warn of, as far as names and files alone show it.
std::vector<Warning> warnings_without_rows(const Catalog& catalog) {
  std::vector<Warning> found = unused_aggregations(catalog.config());
  std::ranges::move(absent_passthrough(catalog), std::back_inserter(found));
  std::ranges::move(missing_to_any_day(catalog), std::back_inserter(found));
  SilentObserver silent;
  std::vector<Warning> warnings = WarningLog(catalog.config().runtime, silent).take("", found);
  for (Warning& warning : warnings) warning.days.clear();
  return warnings;
}

}  // namespace

SkeletonCheck check_skeleton_stage(const Config& config, const CheckOptions& options) {
  const Catalog catalog(config,
                        options.allow_missing ? MissingSources::kAssume : MissingSources::kRefuse);
  // Throws for a file of another shape, though the day that is planned may not read it.
  static_cast<void>(catalog.feed().select_all());
  SkeletonCheck check{.assumptions = catalog.assumptions()};
  check.sources.push_back(checked(catalog.feed()));
  for (const auto& [name, view] : catalog.views()) check.sources.push_back(checked(view));
  if (catalog.pool()) check.sources.push_back(checked(*catalog.pool()));
  for (const FeedPartition& partition : catalog.partitions())
    check.partitions.push_back(partition.label);
  check.lookback_days = lookback(config).count();
  for (const AggregationSpec& spec : config.aggregation_specs)
    check.aggregation_columns += spec.output_names().size();
  const SqlLibrary sql(config.feed.keys, options.sql_dir);
  const Day day = first_day(config.runtime.feed_start);
  const Plan plan = make_plan(catalog, sql, day);
  check.output_columns = plan.output.size();
  check.relations =
      bind_plan(make_sweep_plan(catalog, sql, plan, day, day), plan, config.runtime.duckdb_config);
  check.warnings = warnings_without_rows(catalog);
  return check;
}

}  // namespace daedalus
