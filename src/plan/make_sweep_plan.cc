// make_sweep_plan(): steps 1 to 5 as far as days share them. The SQL is in sql/skeleton/.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "engine/quote.h"
#include "plan/list_columns.h"
#include "plan/plan.h"
#include "plan/plan_parts.h"

namespace daedalus {
namespace {

using Form = Relation::Form;
using Origin = RowColumn::Origin;

class SweepPlanner : private PlanParts {
 public:
  SweepPlanner(const Catalog& catalog, const SqlLibrary& sql, const RowColumns& columns, Day first,
               Day last)
      : PlanParts(catalog, sql, columns) {
    plan_.first = first;
    plan_.last = last;
  }

  SweepPlan make(const std::vector<EntityColumns>& entity_columns) {
    add_variables();
    spine_entities();
    preload_filtered_features(entity_columns);
    rolling_events();
    if (!config_.windowed_joins.empty()) windowed_views();
    return std::move(plan_);
  }

 private:
  void add_variables() {
    const auto set = [this](const char* name, Micros instant) {
      plan_.variables.emplace_back(name, sql_timestamp(instant));
    };
    set("spine_start", spine_of(catalog_, plan_.first).begin);
    set("targets_start", catalog_.day_zone().start_of(plan_.first));
    set("targets_end", spine_of(catalog_, plan_.last).end);
    add_event_variables(config_, plan_);
  }

  void read_spine(Stage& stage) {
    read_feed(plan_, stage, partitions_for(catalog_, plan_.first, plan_.last));
  }

  // Whom and what the days are about, as numbers that sort as the ids do.
  void spine_entities() {
    Stage stage{"spine_entities",
                {relation(kUnusedRows, Form::kCounts, "count_unused_rows"),
                 relation("target_users", Form::kFile, "target_users")}};
    read_spine(stage);
    read_unplaced(plan_, stage,
                  catalog_.partitions_in(
                      {spine_of(catalog_, plan_.first).begin, spine_of(catalog_, plan_.last).end}));
    std::string covered = "TRUE";
    if (catalog_.pool()) {
      read_pool(plan_, stage);
      stage.relations.push_back(relation("covered_artworks", Form::kView, "covered_artworks"));
      covered = fmt::format("{0} IN (SELECT {0} FROM covered_artworks)",
                            quote_identifier(config_.feed.keys.item));
    }
    stage.relations.push_back(
        relation("spine_artworks", Form::kFile, "spine_artworks", {{"covered", covered}}));
    plan_.stages.push_back(std::move(stage));
  }

  // Step 3: the views of feature_refs, and those that static columns come from; and of these
  // features what is fetched by number.
  void preload_filtered_features(const std::vector<EntityColumns>& entity_columns) {
    Stage stage{"preload_filtered_features", {}};
    for (const JoinedView& joined : joined_views(config_, columns_)) {
      const std::string& name = joined.name;
      const FeatureView& view = config_.views.at(name);
      std::string features;
      for (const std::string& feature : view.features) {
        if (feature != view.entity) features += ", " + quote_identifier(feature);
      }
      add_one_row_check(stage, view);
      const std::string version = counts_newer_rows(config_, joined)
                                      ? fmt::format(", CAST({} AS TIMESTAMP) AS __version",
                                                    quote_identifier(view.timestamp_field))
                                      : "";
      stage.relations.push_back(relation(joined.features(), Form::kFile,
                                         "preload_filtered_features",
                                         {{"entity", quote_identifier(view.entity)},
                                          {"number", joined.number},
                                          {"features", features},
                                          {"version", version},
                                          {"spine_ids", spine_ids(view.entity)},
                                          {"view", quote_identifier("view_" + name)},
                                          {"latest_first", latest_first(view)}}));
      read_view(plan_, stage, name);
    }
    for (const EntityColumns& entity : entity_columns) {
      stage.relations.push_back({entity.relation, Form::kHeld, "", entity.select});
    }
    plan_.stages.push_back(std::move(stage));
  }

  // A relation that fails where `view`, without a timestamp_field, has several rows of an entity.
  void add_one_row_check(Stage& stage, const FeatureView& view) {
    if (!view.timestamp_field.empty() || !checked_.insert(view.name).second) return;
    stage.relations.push_back(
        relation("one_row_" + view.name, Form::kTable, "check_one_row",
                 one_row_markers(view, quote_identifier("view_" + view.name))));
  }

  // Whether some list holds more of an event than its artwork, name and time. Then equal events of
  // one artwork and instant need their other columns for their order, too.
  [[nodiscard]] bool lists_feed_columns() const {
    const FeedKeys& keys = config_.feed.keys;
    const std::set<std::string> narrow{keys.item, keys.time, keys.event};
    return std::ranges::any_of(config_.aggregation_specs, [&](const AggregationSpec& spec) {
      const RowColumn* column = columns_.find(spec.column);
      return spec.agg == AggregationSpec::Agg::kList && column != nullptr &&
             column->origin == Origin::kFeed && !narrow.contains(column->name);
    });
  }

  // Steps 1, 5, 2 and 4: the events and items of step 6.
  void rolling_events() {
    std::set<std::string> of_items{config_.feed.keys.item};
    std::set<std::string> of_events;
    for (const AggregationSpec& spec : config_.aggregation_specs) {
      const RowColumn* column = columns_.find(spec.column);
      if (spec.agg != AggregationSpec::Agg::kList || column == nullptr) continue;
      (is_of_item(config_, *column) ? of_items : of_events).insert(spec.column);
    }
    std::string values;
    for (const std::string& name : of_events) values += ", " + quote_identifier(name);
    Stage stage{"rolling_events",
                {relation("time_window_entity_spine", Form::kView, "time_window_entity_spine"),
                 relation("inject_dislike_history", Form::kView, "inject_dislike_history"),
                 relation("embedding_coverage_filter", Form::kView, "embedding_coverage_filter",
                          {{"spine", "inject_dislike_history"}})}};
    read_spine(stage);
    std::string events = "embedding_coverage_filter";
    std::string newest_first =
        ordered({quote_identifier(config_.feed.keys.time), "__tie", "__item", "__event"},
                "DESC NULLS LAST");
    if (lists_feed_columns()) {
      stage.relations.push_back(encode_feed_columns(events));
      events = "encode_feed_columns";
      newest_first = total_order("DESC NULLS LAST");
    }
    stage.relations.push_back(
        relation(kRollingEvents, Form::kOrderedFile, "rolling_events",
                 {{"events", events}, {"values", values}, {"newest_first", newest_first}}));
    stage.relations.push_back(
        enrich_spine_for_rolling("spine_artworks", columns_.of(Origin::kStatic)));
    std::vector<std::string> item_values;
    for (const std::string& name : of_items) item_values.push_back(quote_identifier(name));
    stage.relations.push_back(
        relation("rolling_items", Form::kOrderedFile, "rolling_items",
                 {{"values", fmt::format("{}", fmt::join(item_values, ", "))}}));
    plan_.stages.push_back(std::move(stage));
  }

  // NULL equals nothing, but structs compare NULLs in them as equal.
  [[nodiscard]] static std::string key_is_whole(const WindowedJoin& join) {
    std::vector<std::string> conditions;
    for (const JoinKey& key : join.on)
      conditions.push_back(quote_identifier(key.view_column) + " IS NOT NULL");
    return fmt::format("{}", fmt::join(conditions, " AND "));
  }

  // The relation with the ids of entities and their numbers.
  [[nodiscard]] std::string spine_ids(const std::string& id) const {
    return id == config_.feed.keys.user ? "target_users" : "spine_artworks";
  }

  // Joins the entities whose ids are the keys of a windowed join; leaves other items.
  [[nodiscard]] std::string key_numbers(const WindowedJoin& join) const {
    if (number_of_key(config_, join).empty()) return "";
    const std::string& id = join.on.front().spine_column;
    return fmt::format("JOIN {} entity ON entity.{} = item.__key", spine_ids(id),
                       quote_identifier(id));
  }

  // Step 9, but for the choice of keys.
  void windowed_views() {
    Stage stage{"windowed_views", {}};
    for (std::size_t i = 0; i < config_.windowed_joins.size(); ++i) {
      const WindowedJoin& join = config_.windowed_joins[i];
      const FeatureView& view = config_.views.at(join.view);
      const std::string number = number_of_key(config_, join);
      add_one_row_check(stage, view);
      stage.relations.push_back(
          relation(fmt::format("windowed_view_{}", i), Form::kFile, "windowed_view",
                   {{"key", number.empty() ? "item.__key" : "entity." + number},
                    {"view_key", key_of(join, &JoinKey::view_column)},
                    {"key_numbers", key_numbers(join)},
                    {"key_is_whole", key_is_whole(join)},
                    {"item_time", quote_identifier(join.time)},
                    {"value", quote_identifier(join.value)},
                    {"view", quote_identifier("view_" + join.view)},
                    {"entity", quote_identifier(view.entity)},
                    {"latest_first", latest_first(view)}}));
      read_view(plan_, stage, join.view);
    }
    plan_.stages.push_back(std::move(stage));
  }

  SweepPlan plan_;
  std::set<std::string> checked_;  // views, for one row per entity
};

}  // namespace

SweepPlan make_sweep_plan(const Catalog& catalog, const SqlLibrary& sql, const Plan& any_day,
                          Day first, Day last) {
  const RowColumns columns(catalog);
  return SweepPlanner(catalog, sql, columns, first, last).make(any_day.entity_columns);
}

}  // namespace daedalus
