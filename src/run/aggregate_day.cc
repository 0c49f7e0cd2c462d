// aggregate_day(): a skeleton stage of one list, whose output is nobody's partition.
#include "daedalus/aggregate_day.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/day.h"
#include "config/problems.h"
#include "engine/engine.h"
#include "engine/quote.h"
#include "rolling/polars_pit_engine.h"
#include "sink/file.h"
#include "sink/work_directory.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;

// The aggregations and windowed joins, each with the columns that it yields.
std::vector<std::pair<std::string, std::vector<std::string>>> lists_of(const Config& config) {
  std::vector<std::pair<std::string, std::vector<std::string>>> lists;
  for (const AggregationSpec& spec : config.aggregation_specs)
    lists.emplace_back(spec.name, spec.output_names());
  for (const WindowedJoin& join : config.windowed_joins)
    lists.emplace_back(join.name, std::vector<std::string>{join.name});
  return lists;
}

// The columns of `name`. Who names a column means the aggregation that makes it.
std::vector<std::string> columns_of(const Config& config, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [list, columns] : lists_of(config)) {
    if (list == name) return columns;
    if (std::ranges::find(columns, name) != columns.end()) {
      throw Error(ErrorKind::kConfig, fmt::format("'{}' is a column, not an aggregation", name),
                  fmt::format("name the aggregation that makes it: '{}'", list));
    }
    names.push_back(list);
  }
  const std::string nearest = config::did_you_mean(name, names);
  throw Error(ErrorKind::kConfig, fmt::format("no aggregation or windowed join '{}'", name),
              !nearest.empty() ? nearest
              : names.empty()  ? "add it to training/aggregations.yaml"
                               : "name one of " + config::join(names));
}

// The column that the aggregation or windowed join `name` lists.
std::string listed_column(const Config& config, const std::string& name) {
  for (const AggregationSpec& spec : config.aggregation_specs) {
    if (spec.name == name) return spec.column;
  }
  return std::ranges::find(config.windowed_joins, name, &WindowedJoin::name)->value;
}

// Whether `name` is a windowed join by a column that `spec` brings to the spine.
bool is_key_of(const AggregationSpec& spec, const Config& config, const std::string& name) {
  const auto join = std::ranges::find(config.windowed_joins, name, &WindowedJoin::name);
  return join != config.windowed_joins.end() &&
         std::ranges::find(join->on, spec.column, &JoinKey::spine_column) != join->on.end();
}

// `config` with nothing left of it that shapes neither the columns of `name` nor the rows before
// the session filter. What is left has the types that it has in the whole: a column of a text
// format is read as a time where an age or the time of a windowed join needs one.
Config narrowed(const Config& config, const std::string& name) {
  const std::vector<std::string> columns = columns_of(config, name);
  const std::string listed = listed_column(config, name);
  Config one = config;
  std::erase_if(one.aggregation_specs, [&](const AggregationSpec& spec) {
    return spec.name != name && !is_key_of(spec, config, name);
  });
  std::erase_if(one.windowed_joins,
                [&](const WindowedJoin& join) { return join.name != name && join.time != listed; });
  Runtime& runtime = one.runtime;
  std::erase_if(runtime.age_columns, [&](const AgeColumn& age) {
    const bool is_of_feed =
        std::ranges::find(config.feed.passthrough, age.since) != config.feed.passthrough.end();
    return age.since != listed && !is_of_feed;
  });
  runtime.feature_refs.clear();
  runtime.curation.clear();
  runtime.content_filter.clear();
  runtime.entity_spine_chunk_rows = std::numeric_limits<std::int64_t>::max();
  runtime.output_columns.clear();
  for (const std::string& key : config.feed.keys.names())
    runtime.output_columns.push_back({.name = key});
  for (const std::string& column : columns) runtime.output_columns.push_back({.name = column});
  // The session keeps its place in the total order, as a column like any other: nothing is filtered
  // by it, and no qid is given.
  if (const auto session = std::exchange(one.feed.session, std::nullopt)) {
    std::vector<std::string>& passthrough = one.feed.passthrough;
    if (std::ranges::find(passthrough, *session) == passthrough.end())
      passthrough.push_back(*session);
  }
  // What such a configuration lacks by intention.
  for (const char* warning : {"unused-aggregation", "absent-passthrough", "unknown-codes"})
    runtime.warnings[warning] = WarningPolicy::kIgnore;
  return one;
}

// Where DuckDB spills to, which is there for what nobody keeps.
fs::path scratch_root(const Config& config) {
  const auto& settings = config.runtime.duckdb_config;
  const auto given = settings.find("temp_directory");
  const bool is_given = given != settings.end() && !given->second.empty();
  return is_given ? fs::path(given->second) : fs::temp_directory_path() / "daedalus";
}

// Takes the name `to` whole or not at all, also across file systems.
void copy_file_whole(const fs::path& from, const fs::path& to) {
  const fs::path beside = fs::path(to) += "." + unique_suffix();
  std::error_code failed;
  fs::copy_file(from, beside, failed);
  if (!failed) fs::rename(beside, to, failed);
  if (!failed) return;
  std::error_code ignored;
  fs::remove(beside, ignored);
  throw machine_error("can't write", to, failed.value());
}

}  // namespace

AggregatedDay aggregate_day(const Config& config, const std::string& name,
                            std::chrono::sys_days day, const AggregateOptions& options) {
  Config one = narrowed(config, name);
  const std::string engine_name = options.engine.empty() ? config.runtime.engine : options.engine;
  if (engine_name == "polars") require_polars();
  const fs::path scratch = scratch_root(config);
  static_cast<void>(remove_stale_work_directories(scratch));
  const WorkDirectory work(scratch, "aggregate");
  one.runtime.output_root = work.path() / "output";
  one.runtime.duckdb_config["temp_directory"] = (work.path() / "tmp").string();
  SkeletonOptions skeleton;
  skeleton.target_date = day;
  skeleton.engine = engine_name;
  skeleton.sql_dir = options.sql_dir;
  skeleton.observer = options.observer;
  Report report = run_skeleton_stage(one, skeleton);
  DayReport& made = report.days.at(0);
  if (made.error_kind) throw Error(*made.error_kind, made.error);

  const fs::path file = one.runtime.output_root / ("dt=" + made.day) / "part-0-0.parquet";
  AggregatedDay aggregated{.rows = made.rows_out,
                           .bytes = made.bytes,
                           .row_accounting = std::move(made.row_accounting),
                           .warnings = std::move(report.warnings)};
  Engine engine(engine_settings(one));
  aggregated.first_rows =
      engine.table(fmt::format("SELECT * FROM read_parquet({}, hive_partitioning = false) LIMIT {}",
                               quote_text(file.string()), options.first_rows));
  if (!options.out.empty()) copy_file_whole(file, options.out);
  return aggregated;
}

}  // namespace daedalus
