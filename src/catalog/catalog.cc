#include "catalog/catalog.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "catalog/partition_rows.h"
#include "engine/quote.h"
#include "engine/zone_table.h"

namespace daedalus {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// Views that a day of this configuration reads.
std::set<std::string> needed_views(const Config& config) {
  std::set<std::string> names(config.runtime.feature_refs.begin(),
                              config.runtime.feature_refs.end());
  for (const WindowedJoin& join : config.windowed_joins) names.insert(join.view);
  for (const AggregationSpec& spec : config.aggregation_specs) {
    if (spec.agg == AggregationSpec::Agg::kCount) continue;
    if (const FeatureView* view = config.static_view(spec.column)) names.insert(view->name);
  }
  return names;
}

bool is_age_since(const Config& config, const std::string& column) {
  return std::ranges::find(config.runtime.age_columns, column, &AgeColumn::since) !=
         config.runtime.age_columns.end();
}

bool is_read_as_time(const Config& config, const FeatureView& view, const std::string& feature) {
  if (is_age_since(config, feature)) return true;
  for (const WindowedJoin& join : config.windowed_joins) {
    if (join.view == view.name && join.time == feature) return true;
  }
  return feature == view.timestamp_field;
}

// What the source calls the column, and how it writes times in it.
void map_column(const MappedSource& source, DeclaredColumn& column) {
  column.source_name = source.source_name(column.name);
  const auto form = source.times.find(column.name);
  if (form != source.times.end()) column.time_form = form->second;
}

// What a feature's type would be, for a plan that is checked without data.
std::string assumed_feature_type(const Config& config, const std::string& feature) {
  for (const AggregationSpec& spec : config.aggregation_specs) {
    if (spec.column == feature && spec.flatten_distinct) return "VARCHAR[]";
  }
  return "VARCHAR";
}

// Whether some file of a source can be read.
bool tells_types(const SourceRelation& relation) {
  return std::ranges::any_of(relation.datasets(), &InspectedDataset::is_fine);
}

}  // namespace

bool is_encoded(const Feed& feed, const std::string& column) {
  return std::ranges::find(feed.encodings, column, &Encoding::column) != feed.encodings.end();
}

void check_key(const std::string& what, const std::string& type, const std::string& spine_column,
               const std::string& spine_type) {
  if (same_key_kind(type, spine_type)) return;
  throw Error(ErrorKind::kInput,
              fmt::format("{} is {}, but the feed's {} is {}: a key must have one type everywhere",
                          what, type, spine_column, spine_type),
              "make both text or both integers (for CSV and JSON: source.types)");
}

std::vector<DeclaredColumn> declared_feed_columns(const Config& config) {
  const Feed& feed = config.feed;
  std::vector<DeclaredColumn> columns{
      {feed.keys.user, "", ColumnRole::kKey, false, "VARCHAR"},
      {feed.keys.item, "", ColumnRole::kKey, false, "VARCHAR"},
      {feed.keys.time, "", ColumnRole::kEventTime, false, "TIMESTAMP"},
      {feed.keys.event, "", ColumnRole::kEvent, false, "VARCHAR"}};
  std::vector<std::string> optional = feed.passthrough;
  for (const Encoding& encoding : feed.encodings) {
    if (!contains(optional, encoding.column)) optional.push_back(encoding.column);
  }
  if (feed.session && !contains(optional, *feed.session)) optional.push_back(*feed.session);
  for (const std::string& name : optional) {
    const ColumnRole role = name == feed.session         ? ColumnRole::kKey
                            : is_encoded(feed, name)     ? ColumnRole::kCode
                            : is_age_since(config, name) ? ColumnRole::kTime
                                                         : ColumnRole::kPlain;
    columns.push_back({name, "", role, true, "VARCHAR"});
  }
  for (DeclaredColumn& column : columns) {
    map_column(feed, column);
  }
  return columns;
}

std::vector<DeclaredColumn> declared_view_columns(const Config& config, const FeatureView& view) {
  std::vector<DeclaredColumn> columns{
      {view.entity, view.entity, ColumnRole::kKey, false, "VARCHAR"}};
  std::vector<std::string> others;
  if (!view.timestamp_field.empty()) others.push_back(view.timestamp_field);
  for (const std::string& feature : view.features) {
    if (!contains(others, feature) && feature != view.entity) others.push_back(feature);
  }
  for (const std::string& name : others) {
    const bool time = is_read_as_time(config, view, name);
    columns.push_back({name, name, time ? ColumnRole::kTime : ColumnRole::kPlain, false,
                       time ? "TIMESTAMP" : assumed_feature_type(config, name)});
  }
  for (DeclaredColumn& column : columns) map_column(view, column);
  return columns;
}

Catalog::Catalog(const Config& config, MissingSources missing)
    : config_(&config), missing_(missing), memory_(config.runtime.output_root) {
  Engine engine(engine_settings(config));
  open_feed(engine);
  for (const std::string& name : needed_views(config)) open_view(engine, config.views.at(name));
  if (config.runtime.embedding_coverage_filter.enabled) open_pool(engine);
  if (!missing_sources_.empty()) throw Error(ErrorKind::kInput, missing_sources_);
  check_keys();
}

void Catalog::require(const SourceRelation& relation, const Source& source) {
  if (!relation.datasets().empty()) return;
  if (missing_ == MissingSources::kRefuse) {
    missing_sources_.push_back(
        {.what = fmt::format("{}: no file matches {}", relation.label(), source.path),
         .fix = "check source.path in the catalog, and the working directory that it is relative "
                "to"});
    return;
  }
  assumptions_.push_back(fmt::format("{}: no file matches {}; its column types are assumed",
                                     relation.label(), source.path));
}

void Catalog::open_feed(Engine& engine) {
  day_zone_ = time_zone(engine, config_->feed.day_zone);
  partitions_ =
      list_feed_partitions(engine, config_->feed.source, path_columns_of(config_->feed), day_zone_);
  std::vector<Dataset> datasets;
  for (const FeedPartition& partition : partitions_) {
    datasets.insert(datasets.end(), partition.datasets.begin(), partition.datasets.end());
  }
  feed_ = SourceRelation(engine, "feed", config_->feed.source, declared_feed_columns(*config_),
                         std::move(datasets), {&memory_, "feed"});
  require(feed_, config_->feed.source);
}

void Catalog::open_view(Engine& engine, const FeatureView& view) {
  SourceRelation relation(
      engine, "view " + view.name, view.source, declared_view_columns(*config_, view),
      list_datasets(engine, view.source, path_columns_of(view)), {&memory_, "views." + view.name});
  require(relation, view.source);
  views_.emplace(view.name, std::move(relation));
}

void Catalog::open_pool(Engine& engine) {
  const EmbeddingPool& pool = *config_->embedding_pool;
  std::vector<DeclaredColumn> declared{
      {"key", pool.key, ColumnRole::kKey, false, "VARCHAR"},
      {"vector", pool.vector, ColumnRole::kPlain, false, "FLOAT[]"}};
  pool_.emplace(engine, "embedding pool", pool.source, std::move(declared),
                list_datasets(engine, pool.source), Remembered{&memory_, "embedding_pool"});
  require(*pool_, pool.source);
}

// A source none of whose files can be read has assumed types, which prove nothing: what is wrong
// with its files is told when they are read.
void Catalog::check_keys() const {
  if (!tells_types(feed_)) return;
  for (const auto& [name, relation] : views_) {
    if (!tells_types(relation)) continue;
    const std::string& entity = config_->views.at(name).entity;
    check_key(fmt::format("view {}: {}", name, entity), *relation.type_of(entity), entity,
              *feed_.type_of(entity));
  }
  if (pool_ && tells_types(*pool_))
    check_key("embedding pool: " + config_->embedding_pool->key, *pool_->type_of("key"),
              config_->feed.keys.item, *feed_.type_of(config_->feed.keys.item));
  for (const WindowedJoin& join : config_->windowed_joins) {
    if (!tells_types(views_.at(join.view))) continue;
    for (const JoinKey& key : join.on) {
      const std::optional<std::string> spine = spine_type(key.spine_column);
      if (!spine) continue;
      check_key(
          fmt::format("windowed join {}: {} of view {}", join.name, key.view_column, join.view),
          *views_.at(join.view).type_of(key.view_column), key.spine_column, *spine);
    }
  }
}

// The type of a column of the spine; none, if it is an optional one that the feed does not have, or
// of a source none of whose files can be read.
std::optional<std::string> Catalog::spine_type(const std::string& column) const {
  if (is_encoded(config_->feed, column)) return kEncodedType;
  if (const std::string* type = feed_.type_of(column)) return *type;
  const FeatureView* view = config_->static_view(column);
  if (view == nullptr || !views_.contains(view->name)) return std::nullopt;
  if (!tells_types(views_.at(view->name))) return std::nullopt;
  return *views_.at(view->name).type_of(column);
}

std::vector<FeedPartition> Catalog::partitions_in(const Interval& interval) const {
  std::vector<FeedPartition> found;
  std::ranges::copy_if(partitions_, std::back_inserter(found), [&](const FeedPartition& partition) {
    return partition.overlaps(interval);
  });
  return found;
}

std::string Catalog::select_feed(const std::vector<FeedPartition>& partitions) const {
  if (partitions.empty()) return feed_.select_empty();
  const std::string time = quote_identifier(config_->feed.keys.time);
  std::vector<std::string> selects;
  for (const FeedPartition& partition : partitions) {
    selects.push_back(fmt::format("SELECT * FROM ({}) WHERE {}", feed_.select(partition.datasets),
                                  lies_in(partition, time)));
  }
  return fmt::format("{}", fmt::join(selects, " UNION ALL "));
}

std::string Catalog::select_unplaced(const std::vector<FeedPartition>& partitions) const {
  const std::string time = quote_identifier(config_->feed.keys.time);
  std::vector<std::string> selects{
      "SELECT NULL::BIGINT AS partition_begin, NULL::VARCHAR AS place WHERE false"};
  for (const FeedPartition& partition : partitions) {
    selects.push_back(fmt::format(
        "SELECT {} AS partition_begin, {} AS place FROM ({}) WHERE {} IS NULL OR NOT ({})",
        partition.interval.begin, place_outside(partition, time), feed_.select(partition.datasets),
        time, lies_in(partition, time)));
  }
  return fmt::format("{}", fmt::join(selects, " UNION ALL "));
}

std::optional<std::string> Catalog::session() const {
  const auto& session = config_->feed.session;
  return session && feed_.type_of(*session) != nullptr ? session : std::nullopt;
}

std::vector<std::string> Catalog::passthrough() const {
  std::vector<std::string> names;
  for (const std::string& name : config_->feed.passthrough) {
    if (is_encoded(config_->feed, name) || feed_.type_of(name) != nullptr) names.push_back(name);
  }
  return names;
}

}  // namespace daedalus
