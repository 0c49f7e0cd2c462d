// make_plan(): the ten steps, in the order of their relations. The SQL of each is in sql/skeleton/.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "catalog/type_text.h"
#include "engine/quote.h"
#include "plan/encoding.h"
#include "plan/list_columns.h"
#include "plan/plan.h"
#include "plan/plan_context.h"
#include "plan/row_rules.h"

namespace daedalus {
namespace {

using Form = Relation::Form;
using Origin = RowColumn::Origin;

// Makes one plan; its methods follow the steps.
class Planner {
 public:
  Planner(const Catalog& catalog, const SqlLibrary& sql, Day day)
      : context_(catalog),
        catalog_(catalog),
        config_(catalog.config()),
        sql_(sql),
        columns_(context_.columns),
        early_(early_lists(config_, columns_)) {
    plan_.day = day;
    plan_.spine = spine_of(config_, day);
    plan_.session = catalog.session();
  }

  Plan make() {
    add_inputs();
    add_variables();
    plan_.stages = {feed_day(), spine(), preload_filtered_features(), rolling_events(),
                    target_rows()};
    if (!config_.windowed_joins.empty()) plan_.stages.push_back(windowed_items());
    plan_.stages.push_back(published_rows());
    const config::Problems& problems = context_.problems;
    if (!problems.empty()) throw Error(ErrorKind::kConfig, problems.sorted());
    return std::move(plan_);
  }

 private:
  // The relation `name` made by the SELECT of stage file `file`.
  [[nodiscard]] Relation relation(const std::string& name, Form form, const std::string& file,
                                  const std::map<std::string, std::string>& markers = {}) const {
    return relation_of(name, form, file, sql_.select(file, markers));
  }

  [[nodiscard]] Relation relation_of(const std::string& name, Form form, const std::string& file,
                                     std::string select) const {
    return {name, form, sql_.file(file), std::move(select), sql_.is_edited(file)};
  }

  static void reads(Stage& stage, const std::string& input, const SourceRelation& source) {
    stage.inputs.push_back(input);
    stage.reads_lance = stage.reads_lance || source.is_lance();
  }

  void add_inputs() {
    const std::vector<FeedPartition> partitions = partitions_for(catalog_, plan_.day);
    plan_.inputs.push_back({"raw_feed", catalog_.select_feed(partitions),
                            catalog_.feed().select_empty(), catalog_.feed().description()});
    for (const auto& [name, view] : catalog_.views()) {
      plan_.inputs.push_back(
          {"view_" + name, view.select_all(), view.select_empty(), view.description()});
    }
    if (const auto& pool = catalog_.pool()) {
      plan_.inputs.push_back(
          {"embedding_pool", pool->select_all(), pool->select_empty(), pool->description()});
    }
  }

  void set(const std::string& name, const std::string& expression) {
    plan_.variables.emplace_back(name, expression);
  }

  void add_variables() {
    const Runtime& runtime = config_.runtime;
    set("day_start", sql_timestamp(day_start(plan_.day)));
    set("day_end", sql_timestamp(plan_.spine.end));
    set("spine_start", sql_timestamp(plan_.spine.begin));
    set("covers_all_events", runtime.embedding_coverage_filter.all_events ? "TRUE" : "FALSE");
    set("covered_events", quote_text_list(runtime.embedding_coverage_filter.events));
    set("drop_view_only", runtime.session_filter.drop_view_only ? "TRUE" : "FALSE");
    set("drop_single_like", runtime.session_filter.drop_single_like ? "TRUE" : "FALSE");
    set("view_events", quote_text_list(runtime.session_filter.view_events));
    set("like_events", quote_text_list(runtime.session_filter.like_events));
    std::set<std::string> aggregated;
    std::set<std::string> cumulative;
    for (const AggregationSpec& spec : config_.aggregation_specs) {
      aggregated.insert(spec.events.begin(), spec.events.end());
      if (spec.cumulative) cumulative.insert(spec.events.begin(), spec.events.end());
    }
    plan_.aggregated_events.assign(aggregated.begin(), aggregated.end());
    set("aggregated_events", quote_text_list(plan_.aggregated_events));
    set("cumulative_events", quote_text_list({cumulative.begin(), cumulative.end()}));
  }

  Stage feed_day() {
    Stage stage{kFeedDay, {relation("feed_day", Form::kCounts, "count_feed_day")}};
    reads(stage, "raw_feed", catalog_.feed());
    for (const Encoding& encoding : config_.feed.encodings) {
      plan_.encoded.push_back(encoding.column);
      if (catalog_.feed().type_of(encoding.column) == nullptr) continue;
      stage.relations.push_back(relation_of("unknown_" + encoding.column, Form::kCounts,
                                            "count_unknown_values",
                                            unknown_values_select(catalog_, sql_, encoding)));
    }
    return stage;
  }

  // Steps 1, 5 and 2: the day's own events with all their columns, and the histories.
  Stage spine() {
    Stage stage{"entity_spine",
                {relation("target_users", Form::kTable, "target_users"),
                 relation("time_window_entity_spine", Form::kView, "time_window_entity_spine"),
                 relation("inject_dislike_history", Form::kView, "inject_dislike_history")}};
    reads(stage, "raw_feed", catalog_.feed());
    std::string spine = "inject_dislike_history";
    if (catalog_.pool()) {
      reads(stage, "embedding_pool", *catalog_.pool());
      spine = "embedding_coverage_filter";
      stage.relations.push_back(relation("covered_artworks", Form::kTable, "covered_artworks"));
      stage.relations.push_back(relation(spine, Form::kView, "embedding_coverage_filter"));
    }
    stage.relations.push_back(relation("day_spine", Form::kFile, "day_spine", {{"spine", spine}}));
    if (catalog_.pool())
      stage.relations.push_back(relation("covered", Form::kCounts, "count_covered"));
    stage.relations.push_back(relation(
        "entity_spine", Form::kFile, "entity_spine",
        {{"spine", spine},
         {"columns",
          lists_feed_columns() ? "*" : "__user, event_timestamp, __tie, artwork_id, event"}}));
    return stage;
  }

  // Whether some list holds more of an event than its artwork, name and time. Then equal events of
  // one artwork and instant need their other columns for their order, too.
  [[nodiscard]] bool lists_feed_columns() const {
    return std::ranges::any_of(config_.aggregation_specs, [&](const AggregationSpec& spec) {
      const RowColumn* column = columns_.find(spec.column);
      static const std::set<std::string> kNarrow{"artwork_id", "event_timestamp", "event"};
      return spec.agg == AggregationSpec::Agg::kList && column != nullptr &&
             column->origin == Origin::kFeed && !kNarrow.contains(column->name);
    });
  }

  // Step 3: the views of feature_refs, and those that static columns come from.
  Stage preload_filtered_features() {
    Stage stage{"preload_filtered_features",
                {relation("spine_artworks", Form::kFile, "spine_artworks"),
                 relation("spine_users", Form::kTable, "spine_users")}};
    std::set<std::string> needed(config_.runtime.feature_refs.begin(),
                                 config_.runtime.feature_refs.end());
    for (const RowColumn& column : columns_.of(Origin::kStatic)) needed.insert(column.view);
    for (const std::string& name : needed) {
      const FeatureView& view = config_.views.at(name);
      std::string features;
      for (const std::string& feature : view.features) {
        if (feature != view.entity) features += ", " + quote_identifier(feature);
      }
      stage.relations.push_back(
          relation("features_" + name, Form::kFile, "preload_filtered_features",
                   {{"entity", quote_identifier(view.entity)},
                    {"features", features},
                    {"spine_ids", view.entity == "user_id" ? "spine_users" : "spine_artworks"},
                    {"view", quote_identifier("view_" + name)},
                    {"latest_first", latest_first(view)}}));
      reads(stage, "view_" + name, catalog_.views().at(name));
    }
    return stage;
  }

  // Step 4, on the relation `events`.
  [[nodiscard]] Relation enrich_spine_for_rolling(const std::string& events) const {
    std::string columns;
    std::set<std::string> views;
    for (const RowColumn& column : columns_.of(Origin::kStatic)) {
      views.insert(column.view);
      columns += fmt::format(", {}.{}", quote_identifier("features_" + column.view),
                             quote_identifier(column.name));
    }
    return relation("enrich_spine_for_rolling", Form::kView, "enrich_spine_for_rolling",
                    {{"events", events},
                     {"static_columns", columns},
                     {"static_joins", feature_joins(views, "spine")}});
  }

  [[nodiscard]] Relation encode_feed_columns(const std::string& events) const {
    return relation_of("encode_feed_columns", Form::kView, "encode_feed_columns",
                       encode_feed_columns_select(catalog_, sql_, events));
  }

  [[nodiscard]] std::string feature_joins(const std::set<std::string>& views,
                                          const std::string& rows) const {
    std::string joins;
    for (const std::string& name : views) {
      joins +=
          fmt::format("LEFT JOIN {0} ON {0}.{1} = {2}.{1}\n", quote_identifier("features_" + name),
                      quote_identifier(config_.views.at(name).entity), rows);
    }
    return joins;
  }

  // With `direction` "ASC NULLS FIRST", or its reverse.
  [[nodiscard]] std::string total_order(const std::string& direction = "ASC NULLS FIRST") const {
    std::vector<std::string> keys{"event_timestamp", "__tie", "artwork_id", "event"};
    for (const std::string& name : catalog_.passthrough()) keys.push_back(quote_identifier(name));
    if (plan_.session) keys.push_back(quote_identifier(*plan_.session));
    // Encoded columns that are not passed through are no part of the order, but equal rows must not
    // differ by chance.
    for (const Encoding& encoding : config_.feed.encodings)
      keys.push_back(quote_identifier(encoding.column));
    return ordered(keys, direction);
  }

  [[nodiscard]] static std::string ordered(std::vector<std::string> keys,
                                           const std::string& direction) {
    for (std::string& key : keys) key += " " + direction;
    return fmt::format("{}", fmt::join(keys, ", "));
  }

  // Step 4, and the events and items of step 6.
  Stage rolling_events() {
    std::set<std::string> of_items{"artwork_id"};
    std::set<std::string> of_events;
    for (const AggregationSpec& spec : config_.aggregation_specs) {
      const RowColumn* column = columns_.find(spec.column);
      if (spec.agg != AggregationSpec::Agg::kList || column == nullptr) continue;
      if (spec.flatten_distinct && !is_list_type(column->type)) {
        context_.problems.add(config_.where("aggregations.aggregation_specs"),
                              fmt::format("{}: flatten_distinct needs lists, and {} is {}",
                                          spec.name, spec.column, column->type),
                              "remove flatten_distinct, or name another column");
      }
      const bool is_of_item = column->origin == Origin::kStatic || column->name == "artwork_id";
      (is_of_item ? of_items : of_events).insert(spec.column);
    }
    std::string values;
    for (const std::string& name : of_events) values += ", " + quote_identifier(name);
    std::vector<std::string> item_values;
    for (const std::string& name : of_items) item_values.push_back(quote_identifier(name));
    const std::string newest_first = "DESC NULLS LAST";
    const bool wide = lists_feed_columns();
    Stage stage{"rolling_events", {}};
    if (wide) stage.relations.push_back(encode_feed_columns("entity_spine"));
    stage.relations.push_back(relation(
        "rolling_events", Form::kOrderedFile, "rolling_events",
        {{"events", wide ? "encode_feed_columns" : "entity_spine"},
         {"values", values},
         {"newest_first",
          wide ? total_order(newest_first)
               : ordered({"event_timestamp", "__tie", "__item", "__event"}, newest_first)}}));
    stage.relations.push_back(enrich_spine_for_rolling("spine_artworks"));
    stage.relations.push_back(
        relation("rolling_items", Form::kOrderedFile, "rolling_items",
                 {{"values", fmt::format("{}", fmt::join(item_values, ", "))}}));
    return stage;
  }

  // Steps 7 and 8.
  Stage target_rows() {
    std::set<std::string> own;
    for (const AggregationSpec& spec : config_.aggregation_specs) {
      if (spec.exclude_self && spec.agg == AggregationSpec::Agg::kList &&
          columns_.find(spec.column) != nullptr) {
        own.insert(spec.column);
      }
    }
    plan_.own_columns.assign(own.begin(), own.end());
    std::string kernel = ", event_timestamp AS __t";
    for (const std::string& column : own) {
      kernel +=
          fmt::format(", {} AS {}", quote_identifier(column), quote_identifier("__own_" + column));
    }
    for (std::size_t i = 0; i < config_.windowed_joins.size(); ++i) {
      kernel += fmt::format(", {} AS __on_{}",
                            key_of(config_.windowed_joins[i], &JoinKey::spine_column), i);
    }
    for (std::size_t i = 0; i < config_.windowed_joins.size(); ++i) {
      for (const JoinKey& key : config_.windowed_joins[i].on) {
        context_.guarded(fmt::format("aggregations.windowed_joins[{}].on", i),
                         [&] { return context_.need_column(key.spine_column).name; });
      }
    }
    Stage stage{"target_rows",
                {encode_feed_columns("day_spine"), enrich_spine_for_rolling("encode_feed_columns"),
                 relation("filter_to_target_day", Form::kView, "filter_to_target_day",
                          {{"kernel_columns", kernel}})}};
    std::string rows = "filter_to_target_day";
    const SessionFilter& filter = config_.runtime.session_filter;
    if (plan_.session && (filter.drop_view_only || filter.drop_single_like)) {
      stage.relations.push_back(relation("apply_session_filter", Form::kTable,
                                         "apply_session_filter",
                                         {{"session", quote_identifier(*plan_.session)}}));
      stage.relations.push_back(relation("session_dropped", Form::kCounts, "count_dropped",
                                         {{"judged", "apply_session_filter"}}));
      rows =
          "(SELECT * EXCLUDE (__dropped_by) FROM apply_session_filter WHERE __dropped_by IS NULL)";
    }
    stage.relations.push_back(relation("target_rows", Form::kOrderedFile, "target_rows",
                                       {{"rows", rows}, {"total_order", total_order()}}));
    return stage;
  }

  // The key of a windowed join as one value, on the side of the view or of the spine.
  [[nodiscard]] static std::string key_of(const WindowedJoin& join, std::string JoinKey::*side) {
    if (join.on.size() == 1) return quote_identifier(join.on.front().*side);
    std::vector<std::string> fields;
    for (const JoinKey& key : join.on)
      fields.push_back(fmt::format("k{} := {}", fields.size(), quote_identifier(key.*side)));
    return fmt::format("struct_pack({})", fmt::join(fields, ", "));
  }

  // NULL equals nothing, but structs compare NULLs in them as equal.
  [[nodiscard]] static std::string key_is_whole(const WindowedJoin& join) {
    std::vector<std::string> conditions;
    for (const JoinKey& key : join.on)
      conditions.push_back(quote_identifier(key.view_column) + " IS NOT NULL");
    return fmt::format("{}", fmt::join(conditions, " AND "));
  }

  // Step 9: the items; the lists are made of them as all others are.
  Stage windowed_items() {
    Stage stage{"windowed_items", {}};
    for (std::size_t i = 0; i < config_.windowed_joins.size(); ++i) {
      const WindowedJoin& join = config_.windowed_joins[i];
      const FeatureView& view = config_.views.at(join.view);
      stage.relations.push_back(relation(fmt::format("windowed_items_{}", i), Form::kOrderedFile,
                                         "compute_user_recent_published_artworks",
                                         {{"key", key_of(join, &JoinKey::view_column)},
                                          {"key_is_whole", key_is_whole(join)},
                                          {"time", quote_identifier(join.time)},
                                          {"value", quote_identifier(join.value)},
                                          {"view", quote_identifier("view_" + join.view)},
                                          {"entity", quote_identifier(view.entity)},
                                          {"latest_first", latest_first(view)},
                                          {"row_key", fmt::format("__on_{}", i)}}));
      reads(stage, "view_" + join.view, catalog_.views().at(join.view));
    }
    return stage;
  }

  // Step 10, but for the lists.
  Stage published_rows() {
    OutputPlan output = plan_output(context_, early_, plan_.session.has_value());
    plan_.early = early_uses();
    plan_.late = pit_uses(config_, plan_.aggregated_events, output.lists);
    plan_.output = std::move(output.items);
    Stage stage{kPublishedRows, {join_preloaded_features(), compute_age_columns()}};
    const std::string curated = add_curation(stage);
    plan_.filter_rules = config_.runtime.content_filter.size();
    stage.relations.push_back(relation(
        "apply_content_filter", Form::kView, "apply_content_filter",
        {{"rules", content_filter_branches(context_)}, {"curated", quote_identifier(curated)}}));
    stage.relations.push_back(relation("content_dropped", Form::kCounts, "count_dropped",
                                       {{"judged", "apply_content_filter"}}));
    stage.relations.push_back(
        relation(kPublishedRows, Form::kOrderedFile, kPublishedRows,
                 {{"kernel_columns", kernel_columns()}, {"output_columns", output.row_columns}}));
    return stage;
  }

  Relation join_preloaded_features() {
    std::string features;
    std::set<std::string> views;
    for (const RowColumn& column : columns_.of(Origin::kFeature)) {
      views.insert(column.view);
      features += fmt::format(", {}.{}", quote_identifier("features_" + column.view),
                              quote_identifier(column.name));
    }
    std::string joins = feature_joins(views, "target");
    for (const RowColumn& column : columns_.all()) {
      if (early_.contains(column.name)) features += ", " + quote_identifier(column.name);
    }
    for (const PitUse& use : plan_.early) {
      joins += fmt::format("JOIN {0} ON {0}.__row_id = target.__row\n", quote_identifier(use.name));
    }
    return relation("join_preloaded_features", Form::kView, "join_preloaded_features",
                    {{"features", features}, {"joins", joins}});
  }

  Relation compute_age_columns() {
    std::string ages;
    for (const AgeColumn& age : config_.runtime.age_columns) {
      const std::string since = context_.guarded("runtime.age_columns." + age.name + ".since", [&] {
        return quote_identifier(context_.need_column(age.since).name);
      });
      ages += fmt::format(
          ", CASE WHEN {0} IS NOT NULL THEN CAST(greatest(0, (CAST(epoch_us(event_timestamp) AS "
          "HUGEINT) - "
          "epoch_us(CAST({0} AS TIMESTAMP))) // {1}) AS BIGINT) END AS {2}",
          since, age.unit.micros, quote_identifier(age.name));
    }
    return relation("compute_age_columns", Form::kView, "compute_age_columns", {{"ages", ages}});
  }

  // Adds a relation for each rule and returns the name of the last.
  std::string add_curation(Stage& stage) {
    std::string before = "compute_age_columns";
    for (std::size_t i = 0; i < config_.runtime.curation.size(); ++i) {
      const std::string assignments = curation_assignments(context_, i);
      if (assignments.empty()) continue;
      const std::string name = fmt::format("curated_{}", i);
      stage.relations.push_back(relation(name, Form::kView, "curate_animated_model_type",
                                         {{"assignments", assignments}, {"before", before}}));
      before = name;
    }
    return before;
  }

  [[nodiscard]] std::string kernel_columns() const {
    std::string columns = "__t, __user";
    for (const std::string& own : plan_.own_columns)
      columns += ", " + quote_identifier("__own_" + own);
    for (std::size_t i = 0; i < config_.windowed_joins.size(); ++i)
      columns += fmt::format(", __on_{}", i);
    if (plan_.session)
      columns += fmt::format(", {} AS __session", quote_identifier(*plan_.session));
    return columns;
  }

  [[nodiscard]] std::vector<PitUse> early_uses() const {
    std::map<std::string, std::string> wanted;
    for (const std::string& name : early_) wanted[name] = name;
    return pit_uses(config_, plan_.aggregated_events, wanted);
  }

  PlanContext context_;
  const Catalog& catalog_;
  const Config& config_;
  const SqlLibrary& sql_;
  const RowColumns& columns_;
  std::set<std::string> early_;  // lists that a step needs before the output
  Plan plan_;
};

}  // namespace

Plan make_plan(const Catalog& catalog, const SqlLibrary& sql, Day day) {
  return Planner(catalog, sql, day).make();
}

}  // namespace daedalus
