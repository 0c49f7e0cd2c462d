// list_catalog(), show_source() and list_feed_days(): what the names resolve to, and which days
// have rows.
#include <fmt/format.h>

#include <map>

#include "catalog/catalog_entry.h"
#include "catalog/day_grid.h"
#include "catalog/partition_rows.h"
#include "daedalus/catalog.h"
#include "engine/quote.h"
#include "engine/zone_table.h"

namespace daedalus {
namespace {

const char* format_name(SourceFormat format) {
  switch (format) {
    case SourceFormat::kParquet:
      return "parquet";
    case SourceFormat::kCsv:
      return "csv";
    case SourceFormat::kJson:
      return "json";
    case SourceFormat::kLance:
      return "lance";
  }
  return "";
}

SourceSummary summarize(Engine& engine, const CatalogEntry& entry) {
  SourceSummary summary{.name = entry.name,
                        .kind = entry.kind,
                        .path = entry.source.path,
                        .format = format_name(entry.source.format)};
  try {
    const std::vector<Dataset> datasets = datasets_of(engine, entry);
    summary.files = datasets.size();
    for (const Dataset& dataset : datasets) {
      for (const InputFile& file : dataset.files) summary.bytes += file.bytes;
    }
    if (datasets.empty()) {
      summary.error = "no file matches " + entry.source.path;
      return summary;
    }
    const SourceRelation relation(engine, entry.name, entry.source, entry.declared, datasets,
                                  entry.remembered());
    for (const ColumnType& column : relation.columns())
      summary.columns.emplace_back(column.name, column.type);
    for (const InspectedDataset& inspected : relation.datasets()) {
      if (!inspected.error.empty())
        summary.error = fmt::format("{} {}", inspected.dataset.path, inspected.error);
    }
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted) throw;
    summary.error = error.what();
  }
  return summary;
}

FeedPartitionDays count_days(Engine& engine, const SourceRelation& feed,
                             const std::string& time_column, const FeedPartition& partition,
                             const TimeZone& zone) {
  FeedPartitionDays counted{.partition = partition.label, .files = partition.datasets.size()};
  const DayGrid grid(zone, partition.interval);
  const std::string time = quote_identifier(time_column);
  std::map<Day, std::int64_t> days;
  try {
    for (const auto& row : engine.query(fmt::format(
             "SELECT CASE WHEN {} AND {} THEN {} END AS bucket, CASE WHEN bucket IS NULL THEN {} "
             "END AS place, count(*) FROM ({}) GROUP BY ALL",
             lies_in(partition, time), grid.holds(time), grid.bucket(time),
             place_outside(partition, time), feed.select(partition.datasets)))) {
      const std::int64_t rows = std::stoll(row.at(2).value());
      if (row.at(0)) {
        days[grid.day_of(std::stoll(*row.at(0)))] += rows;
      } else if (row.at(1) == "null_time") {
        counted.null_time_rows += rows;
      } else {
        (row.at(1) == "before" ? counted.misplaced_before : counted.misplaced_after) += rows;
      }
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    counted.error = error.what();
  }
  for (const auto& [day, rows] : days) counted.days.push_back({to_string(day), rows});
  counted.misplaced_rows = counted.misplaced_before + counted.misplaced_after;
  return counted;
}

}  // namespace

std::vector<SourceSummary> list_catalog(const Config& config) {
  Engine engine(engine_settings(config));
  std::vector<SourceSummary> sources;
  for (const CatalogEntry& entry : catalog_entries(config))
    sources.push_back(summarize(engine, entry));
  return sources;
}

SourceSummary show_source(const Config& config, const std::string& name) {
  Engine engine(engine_settings(config));
  return summarize(engine, catalog_entry(config, name));
}

std::vector<FeedPartitionDays> list_feed_days(const Config& config) {
  const CatalogEntry entry = catalog_entry(config, "feed");
  Engine engine(engine_settings(config), lance_sources_of({entry}));
  const TimeZone zone = time_zone(engine, config.feed.day_zone);
  const std::vector<FeedPartition> partitions =
      list_feed_partitions(engine, entry.source, entry.path_columns, zone);
  const SourceRelation feed(engine, entry.name, entry.source, entry.declared,
                            datasets_of(engine, entry), entry.remembered());
  std::vector<FeedPartitionDays> counted;
  for (const FeedPartition& partition : partitions)
    counted.push_back(count_days(engine, feed, entry.time, partition, zone));
  return counted;
}

}  // namespace daedalus
