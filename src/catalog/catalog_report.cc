// list_catalog() and list_feed_days(): what `daeda catalog` shows.
#include <fmt/format.h>

#include "catalog/catalog.h"

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

SourceSummary summarize(Engine& engine, const std::string& name, const std::string& kind,
                        const Source& source, const std::vector<DeclaredColumn>& declared,
                        const std::vector<Dataset>& datasets) {
  SourceSummary summary{name, kind, source.path, format_name(source.format), datasets.size(),
                        0,    {},   {}};
  for (const Dataset& dataset : datasets) {
    for (const InputFile& file : dataset.files) summary.bytes += file.bytes;
  }
  if (datasets.empty()) {
    summary.error = "no file matches " + source.path;
    return summary;
  }
  try {
    const SourceRelation relation(engine, name, source, declared, datasets);
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

std::vector<Dataset> feed_datasets(Engine& engine, const Source& source) {
  std::vector<Dataset> datasets;
  for (const FeedPartition& partition : list_feed_partitions(engine, source)) {
    datasets.insert(datasets.end(), partition.datasets.begin(), partition.datasets.end());
  }
  return datasets;
}

FeedPartitionDays count_days(Engine& engine, const SourceRelation& feed,
                             const FeedPartition& partition) {
  FeedPartitionDays counted{partition.label, partition.datasets.size(), {}, 0, 0, {}};
  try {
    for (const auto& row :
         engine.query(fmt::format("SELECT epoch_us(date_trunc('day', event_timestamp)) AS day, "
                                  "event_timestamp IS NULL, count(*) FROM ({}) GROUP BY "
                                  "ALL ORDER BY day",
                                  feed.select(partition.datasets)))) {
      const std::int64_t rows = std::stoll(row.at(2).value());
      if (row.at(1) == "true") {
        counted.null_time_rows += rows;
      } else if (!row.at(0) || !partition.interval.overlaps(
                                   {std::stoll(*row.at(0)), std::stoll(*row.at(0)) + 1})) {
        counted.misplaced_rows += rows;
      } else {
        counted.days.push_back({to_string(day_of(std::stoll(*row.at(0)))), rows});
      }
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    counted.error = error.what();
  }
  return counted;
}

}  // namespace

std::vector<SourceSummary> list_catalog(const Config& config) {
  Engine engine(config.runtime.duckdb_config);
  std::vector<SourceSummary> sources;
  sources.push_back(summarize(engine, "feed", "feed", config.feed.source,
                              declared_feed_columns(config),
                              feed_datasets(engine, config.feed.source)));
  for (const auto& [name, view] : config.views) {
    sources.push_back(summarize(engine, name, "feature view", view.source,
                                declared_view_columns(config, view),
                                list_datasets(engine, view.source)));
  }
  if (config.embedding_pool) {
    const EmbeddingPool& pool = *config.embedding_pool;
    sources.push_back(
        summarize(engine, "embedding_pool", "embedding pool", pool.source,
                  {{pool.key, pool.key, ColumnRole::kKey}, {pool.vector, pool.vector}},
                  list_datasets(engine, pool.source)));
  }
  return sources;
}

std::vector<FeedPartitionDays> list_feed_days(const Config& config) {
  Engine engine(config.runtime.duckdb_config);
  const std::vector<FeedPartition> partitions = list_feed_partitions(engine, config.feed.source);
  const SourceRelation feed(engine, "feed", config.feed.source, declared_feed_columns(config),
                            feed_datasets(engine, config.feed.source));
  std::vector<FeedPartitionDays> counted;
  for (const FeedPartition& partition : partitions)
    counted.push_back(count_days(engine, feed, partition));
  return counted;
}

}  // namespace daedalus
