// list_coverage(): how many of a day's ids the views and the pool know.
#include <fmt/format.h>

#include "base/embedded.h"
#include "base/template.h"
#include "catalog/catalog.h"
#include "catalog/catalog_entry.h"
#include "engine/quote.h"
#include "plan/plan.h"
#include "run/target_days.h"

namespace daedalus {
namespace {

// The configuration of the feed alone: a view that can't be read must not keep the feed from being
// opened.
Config feed_alone(Config config) {
  config.aggregation_specs.clear();
  config.windowed_joins.clear();
  config.runtime.feature_refs.clear();
  config.runtime.embedding_coverage_filter.enabled = false;
  return config;
}

void load_day_rows(Engine& engine, const Catalog& catalog, Day day) {
  const Interval interval = catalog.day_zone().interval_of(day);
  const FeedKeys& keys = catalog.config().feed.keys;
  engine.execute(fmt::format(
      "CREATE TEMP TABLE day_rows AS SELECT {0}, {1} FROM ({4}) WHERE {2} >= {5} AND {2} < {6} AND "
      "{0} IS NOT NULL AND {1} IS NOT NULL AND {3} IS NOT NULL",
      quote_identifier(keys.user), quote_identifier(keys.item), quote_identifier(keys.time),
      quote_identifier(keys.event), catalog.select_feed(catalog.partitions_in(interval)),
      sql_timestamp(interval.begin), sql_timestamp(interval.end)));
}

void count_found(Engine& engine, const Config& config, const Catalog& catalog,
                 const CatalogEntry& entry, SourceCoverage& coverage) {
  const SourceRelation relation = open_entry(engine, entry);
  check_key(fmt::format("{}: {}", relation.label(), entry.key), *relation.type_of(entry.key),
            coverage.key, *catalog.feed().type_of(coverage.key));
  const bool is_pool = entry.kind == "embedding pool";
  const std::string row_counts =
      is_pool ? quote_identifier(config.embedding_pool->vector) + " IS NOT NULL" : "TRUE";
  if (!is_pool)
    check_one_row(engine, config.views.at(entry.name), "(" + relation.select_all() + ")");
  const TextRows counts = engine.query(fill_template(
      embedded_file("sql/catalog/source_coverage.sql"), {{"key", quote_identifier(coverage.key)},
                                                         {"entity", quote_identifier(entry.key)},
                                                         {"source", relation.select_all()},
                                                         {"counts", row_counts}}));
  const auto count = [&](std::size_t column) {
    return std::stoll(counts.at(0).at(column).value());
  };
  coverage.ids = count(0);
  coverage.ids_found = count(1);
  coverage.rows = count(2);
  coverage.rows_found = count(3);
}

Day target_day(const Catalog& catalog, const std::optional<Day>& wanted) {
  SkeletonOptions options;
  options.target_date = wanted;
  const TargetDays target = find_target_days(catalog, options);
  if (!target.days.empty()) return target.days.back();
  const DayReport& unlisted = target.unlisted.front();
  throw Error(unlisted.error_kind.value_or(ErrorKind::kInput), unlisted.error);
}

}  // namespace

DayCoverage list_coverage(const Config& config, std::optional<std::chrono::sys_days> day) {
  const Config feed_config = feed_alone(config);
  const Catalog catalog(feed_config, MissingSources::kRefuse);
  const Day wanted = target_day(catalog, day);
  Engine engine(engine_settings(config), lance_sources_of(catalog_entries(config)));
  load_day_rows(engine, catalog, wanted);
  DayCoverage covered{to_string(wanted), {}};
  for (const CatalogEntry& entry : catalog_entries(config)) {
    if (entry.kind == "feed") continue;
    SourceCoverage coverage{
        .name = entry.name,
        .kind = entry.kind,
        .key = entry.kind == "embedding pool" ? config.feed.keys.item : entry.key};
    try {
      count_found(engine, config, catalog, entry, coverage);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
      coverage.error = error.what();
    }
    covered.sources.push_back(std::move(coverage));
  }
  return covered;
}

}  // namespace daedalus
