#include "catalog/catalog_entry.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/catalog.h"
#include "config/problems.h"

namespace daedalus {
namespace {

std::string label_of(const CatalogEntry& entry) {
  return entry.kind == "feature view" ? "view " + entry.name : entry.name;
}

}  // namespace

Remembered CatalogEntry::remembered() const {
  return {memory.get(), kind == "feature view" ? "views." + name : name};
}

std::vector<CatalogEntry> catalog_entries(const Config& config) {
  std::vector<CatalogEntry> entries{{"feed", "feed", config.feed.source,
                                     declared_feed_columns(config), config.feed.keys.user,
                                     config.feed.keys.time, path_columns_of(config.feed)}};
  for (const auto& [name, view] : config.views) {
    entries.push_back({name, "feature view", view.source, declared_view_columns(config, view),
                       view.entity, view.timestamp_field, path_columns_of(view)});
  }
  if (config.embedding_pool) {
    const EmbeddingPool& pool = *config.embedding_pool;
    entries.push_back({"embedding_pool",
                       "embedding pool",
                       pool.source,
                       {{pool.key, pool.key, ColumnRole::kKey}, {pool.vector, pool.vector}},
                       pool.key,
                       ""});
  }
  const auto memory = std::make_shared<TextMemory>(config.runtime.output_root);
  for (CatalogEntry& entry : entries) entry.memory = memory;
  return entries;
}

CatalogEntry catalog_entry(const Config& config, const std::string& name) {
  const std::vector<CatalogEntry> entries = catalog_entries(config);
  const auto found = std::ranges::find(entries, name, &CatalogEntry::name);
  if (found != entries.end()) return *found;
  std::vector<std::string> names;
  names.reserve(entries.size());
  for (const CatalogEntry& each : entries) names.push_back(each.name);
  const std::string nearest = config::did_you_mean(name, names);
  throw Error(ErrorKind::kConfig, fmt::format("the catalog has no '{}'", name),
              nearest.empty() ? "name one of " + config::join(names) : nearest);
}

std::vector<Dataset> datasets_of(Engine& engine, const CatalogEntry& entry) {
  if (entry.kind != "feed") return list_datasets(engine, entry.source, entry.path_columns);
  std::vector<Dataset> datasets;
  for (const FeedPartition& partition :
       list_feed_partitions(engine, entry.source, entry.path_columns, {})) {
    datasets.insert(datasets.end(), partition.datasets.begin(), partition.datasets.end());
  }
  return datasets;
}

std::string lance_sources_of(const std::vector<CatalogEntry>& entries) {
  std::vector<std::string> sources;
  for (const CatalogEntry& entry : entries) {
    if (entry.source.format == SourceFormat::kLance)
      sources.push_back(fmt::format("{} ({})", label_of(entry), entry.source.path));
  }
  return config::join(sources);
}

SourceRelation open_entry(Engine& engine, const CatalogEntry& entry) {
  const std::string label = label_of(entry);
  SourceRelation relation(engine, label, entry.source, entry.declared, datasets_of(engine, entry),
                          entry.remembered());
  if (relation.datasets().empty()) {
    throw Error(
        ErrorKind::kInput, fmt::format("{}: no file matches {}", label, entry.source.path),
        "check source.path in the catalog, and the working directory that it is relative to");
  }
  return relation;
}

}  // namespace daedalus
