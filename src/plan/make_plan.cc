// make_plan(): the steps that are each day's own, in the order of their relations. The SQL of each
// is in sql/skeleton/.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "catalog/type_text.h"
#include "config/node.h"
#include "engine/quote.h"
#include "plan/encoding.h"
#include "plan/fetched_columns.h"
#include "plan/list_columns.h"
#include "plan/plan.h"
#include "plan/plan_context.h"
#include "plan/plan_parts.h"
#include "plan/row_rules.h"

namespace daedalus {
namespace {

using Form = Relation::Form;
using Origin = RowColumn::Origin;

// Makes one plan; its methods follow the steps.
class Planner : private PlanParts {
 public:
  Planner(PlanContext& context, const SqlLibrary& sql)
      : PlanParts(context.catalog, sql, context.columns),
        context_(context),
        early_(early_lists(config_, columns_)),
        fetch_(config_, columns_, !sql.edited().empty()) {
    plan_.session = catalog_.session();
    plan_.aggregated_events = aggregated_events(config_);
    plan_.joined_views = joined_views(config_, columns_);
  }

  Plan make(Day day) {
    check_flattened();
    feed_day(day);
    Stage rows = day_stage(early_.empty() ? kPublishedRows : "target_rows");
    target_rows(rows);
    windowed_items(rows);
    // Lists that the rest needs are made between the two: outside of DuckDB.
    if (!early_.empty()) plan_.stages.push_back(std::exchange(rows, {kPublishedRows, {}}));
    published_rows(rows);
    plan_.stages.push_back(std::move(rows));
    add_session_variables();
    add_event_variables(config_, plan_);
    const config::Problems& problems = context_.problems;
    if (!problems.empty()) throw Error(ErrorKind::kConfig, problems.sorted());
    return std::move(plan_);
  }

 private:
  void add_session_variables() {
    const SessionFilter& filter = config_.runtime.session_filter;
    const auto set = [this](const char* name, const std::string& expression) {
      plan_.variables.emplace_back(name, expression);
    };
    set("drop_view_only", filter.drop_view_only ? "TRUE" : "FALSE");
    set("drop_single_like", filter.drop_single_like ? "TRUE" : "FALSE");
    set("view_events", quote_text_list(filter.view_events));
    set("like_events", quote_text_list(filter.like_events));
  }

  // What only the data's types can show.
  void check_flattened() {
    for (const AggregationSpec& spec : config_.aggregation_specs) {
      const RowColumn* column = columns_.find(spec.column);
      if (spec.agg != AggregationSpec::Agg::kList || column == nullptr || !spec.flatten_distinct ||
          is_list_type(column->type)) {
        continue;
      }
      context_.problems.add(config_.where("aggregations.aggregation_specs"),
                            fmt::format("{}: flatten_distinct needs lists, and {} is {}", spec.name,
                                        spec.column, column->type),
                            "remove flatten_distinct, or name another column");
    }
  }

  void feed_day(Day day) {
    Stage stage{kFeedDay, {relation("feed_day", Form::kCounts, "count_feed_day")}};
    read_feed(plan_, stage, catalog_.partitions_in(catalog_.day_zone().interval_of(day)));
    for (const Encoding& encoding : config_.feed.encodings) {
      plan_.encoded.push_back(encoding.column);
      if (catalog_.feed().type_of(encoding.column) == nullptr) continue;
      stage.relations.push_back(relation_of("unknown_" + encoding.column, Form::kCounts,
                                            "count_unknown_values",
                                            unknown_values_select(catalog_, sql_, encoding)));
    }
    plan_.stages.push_back(std::move(stage));
  }

  // A stage that reads the day's own events.
  Stage day_stage(const std::string& name) {
    const Stage& feed_day = plan_.stages.front();
    return {name, {}, feed_day.inputs, feed_day.lance_sources};
  }

  // Steps 1, 2, 4, 7 and 8 on the day's own events, with all their columns.
  void target_rows(Stage& stage) {
    stage.relations.push_back(
        relation("time_window_entity_spine", Form::kView, "time_window_entity_spine"));
    stage.relations.push_back(relation("embedding_coverage_filter", Form::kView,
                                       "embedding_coverage_filter",
                                       {{"spine", "time_window_entity_spine"}}));
    stage.relations.push_back(encode_feed_columns("embedding_coverage_filter"));
    stage.relations.push_back(
        enrich_spine_for_rolling("encode_feed_columns", fetch_.static_columns_of_rows()));
    stage.relations.push_back(relation("filter_to_target_day", Form::kTable, "filter_to_target_day",
                                       {{"except_unread", exclude_columns(fetch_.unread_ids())}}));
    if (catalog_.pool())
      stage.relations.push_back(relation("covered", Form::kCounts, "count_covered"));
    for (const JoinedView& view : plan_.joined_views) {
      if (counts_known_rows(config_))
        stage.relations.push_back(relation(view.known_rows(), Form::kCounts, "count_known_rows",
                                           features_by_number(view)));
    }
    std::string rows = "filter_to_target_day";
    const SessionFilter& filter = config_.runtime.session_filter;
    if (plan_.session && (filter.drop_view_only || filter.drop_single_like)) {
      stage.relations.push_back(relation("apply_session_filter", Form::kView,
                                         "apply_session_filter",
                                         {{"session", quote_identifier(*plan_.session)}}));
      stage.relations.push_back(relation("session_dropped", Form::kCounts, "count_dropped",
                                         {{"judged", "apply_session_filter"}}));
      rows =
          "(SELECT * EXCLUDE (__dropped_by) FROM apply_session_filter WHERE __dropped_by IS NULL)";
    }
    stage.relations.push_back(
        relation("target_rows", early_.empty() ? Form::kView : Form::kOrderedFile, "target_rows",
                 {{"set_aside", set_aside()},
                  {"rows", rows},
                  {"order", early_.empty() ? "" : "ORDER BY " + row_order()}}));
  }

  // What lists and the order of rows need of a row, set aside before curation can change it.
  std::string set_aside() {
    std::set<std::string> own = own_columns(config_, columns_);
    for (const std::string& key : order_columns()) {
      if (is_curated(config_, key)) own.insert(key);
    }
    std::string columns = fmt::format(", {} AS __t", time());
    for (const std::string& column : own) {
      columns +=
          fmt::format(", {} AS {}", quote_identifier(column), quote_identifier("__own_" + column));
    }
    for (std::size_t i = 0; i < config_.windowed_joins.size(); ++i) {
      const WindowedJoin& join = config_.windowed_joins[i];
      if (number_of_key(config_, join).empty())
        columns += fmt::format(", {} AS {}", key_of(join, &JoinKey::spine_column),
                               row_key(config_, join, i));
      for (const JoinKey& key : join.on) {
        context_.guarded(fmt::format("aggregations.windowed_joins[{}].on", i),
                         config::tell_item("aggregations.windowed_joins", i, join.name) + ".on",
                         [&] { return context_.need_column(key.spine_column).name; });
      }
    }
    return columns;
  }

  // The order of the output: by user, in the total order of the values that curation found. `of`
  // goes before each key where a SELECT makes columns of the same names.
  [[nodiscard]] std::string row_order(const std::string& of = "") const {
    std::vector<std::string> keys{of + "__user"};
    for (const std::string& key : order_columns())
      keys.push_back(of + quote_identifier(is_curated(config_, key) ? "__own_" + key : key));
    return ordered(std::move(keys), "ASC NULLS FIRST");
  }

  [[nodiscard]] std::string time() const { return quote_identifier(config_.feed.keys.time); }

  // Step 9: the items of the day's keys; the lists are made of them as all others are.
  void windowed_items(Stage& stage) {
    for (std::size_t i = 0; i < config_.windowed_joins.size(); ++i) {
      stage.relations.push_back(
          relation(fmt::format("windowed_items_{}", i), Form::kOrderedFile,
                   "compute_user_recent_published_artworks",
                   {{"windowed_view", fmt::format("windowed_view_{}", i)},
                    {"row_key", row_key(config_, config_.windowed_joins[i], i)}}));
    }
  }

  // Step 10, but for the lists.
  void published_rows(Stage& stage) {
    OutputPlan output =
        plan_output(context_, early_, fetch_.of_entities(), plan_.session.has_value());
    plan_.entity_columns = entity_columns(output.of_entities);
    plan_.early = early_uses();
    plan_.late = pit_uses(config_, columns_, plan_.aggregated_events, output.lists);
    plan_.output = std::move(output.items);
    stage.relations.push_back(join_preloaded_features());
    stage.relations.push_back(compute_age_columns());
    const std::string curated = add_curation(stage);
    plan_.filter_rules = config_.runtime.content_filter.size();
    stage.relations.push_back(relation(
        "apply_content_filter", Form::kView, "apply_content_filter",
        {{"rules", content_filter_branches(context_)}, {"curated", quote_identifier(curated)}}));
    stage.relations.push_back(relation("content_dropped", Form::kCounts, "count_dropped",
                                       {{"judged", "apply_content_filter"}}));
    stage.relations.push_back(relation(kPublishedRows, Form::kOrderedFile, kPublishedRows,
                                       {{"kernel_columns", kernel_columns()},
                                        {"output_columns", output.row_columns},
                                        {"order", row_order("apply_content_filter.")}}));
    for (const JoinedView& view : plan_.joined_views) {
      if (counts_newer_rows(config_, view))
        stage.relations.push_back(relation(view.newer_rows(), Form::kCounts, "count_newer_rows",
                                           features_by_number(view)));
    }
  }

  [[nodiscard]] static std::map<std::string, std::string> features_by_number(
      const JoinedView& view) {
    return {{"features", quote_identifier(view.features())}, {"number", view.number}};
  }

  Relation join_preloaded_features() {
    std::string features;
    std::set<std::string> views;
    for (const RowColumn& column : fetch_.joined_features()) {
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
      // 128 bits hold every difference, and are slow: for times that 62 bits don't hold, a hundred
      // thousand years away.
      ages += fmt::format(
          ", CASE WHEN epoch_us(CAST({0} AS TIMESTAMP)) BETWEEN -(1::BIGINT << 62) AND (1::BIGINT "
          "<< 62) THEN greatest(0, epoch_us({3}) - epoch_us(CAST({0} AS TIMESTAMP))) "
          "// {1} WHEN {0} IS NOT NULL THEN CAST(greatest(0, CAST(epoch_us({3}) AS "
          "HUGEINT) - epoch_us(CAST({0} AS TIMESTAMP))) // {1} AS BIGINT) END AS {2}",
          since, age.unit.micros, quote_identifier(age.name), time());
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

  // What is fetched by the number of the user, and by that of the artwork.
  [[nodiscard]] std::vector<EntityColumns> entity_columns(
      const std::map<std::string, std::string>& wanted) const {
    std::vector<EntityColumns> fetched;
    struct Entity {
      std::string relation;
      std::string numbers;
      std::string number;
      bool rows_by_number;
    };
    // Artworks first: where there is room in memory for one of them, they gain more by it.
    for (const Entity& entity : {Entity{"artwork_columns", "spine_artworks", "__item", false},
                                 Entity{"user_columns", "target_users", "__user", true}}) {
      std::vector<std::string> columns;
      std::set<std::string> views;
      for (const auto& [name, output_name] : wanted) {
        const RowColumn& column = *columns_.find(name);
        if (fetch_.number_of(column) != entity.number) continue;
        if (!column.view.empty()) views.insert(column.view);
        columns.push_back(fmt::format(
            "{}.{} AS {}",
            column.view.empty() ? "entity" : quote_identifier("features_" + column.view),
            quote_identifier(column.name), quote_identifier(output_name)));
      }
      if (columns.empty()) continue;
      fetched.push_back(
          {entity.relation, entity.number, entity.rows_by_number,
           fmt::format("SELECT {} FROM {} entity {} ORDER BY entity.{}", fmt::join(columns, ", "),
                       entity.numbers, feature_joins(views, "entity"), entity.number)});
    }
    return fetched;
  }

  [[nodiscard]] std::string kernel_columns() const {
    std::set<std::string> read{"__t"};
    for (const EntityColumns& entity : plan_.entity_columns) read.insert(entity.number);
    for (const JoinedView& view : plan_.joined_views) {
      if (counts_newer_rows(config_, view)) read.insert(view.number);
    }
    for (const PitUse& use : plan_.late) {
      const std::vector<std::string> columns = use.row_columns();
      read.insert(columns.begin(), columns.end());
    }
    std::string columns;
    for (const std::string& column : read) {
      if (!columns.empty()) columns += ", ";
      columns += quote_identifier(column);
    }
    if (plan_.session)
      columns += fmt::format(", {} AS __session", quote_identifier(*plan_.session));
    return columns;
  }

  [[nodiscard]] std::vector<PitUse> early_uses() const {
    std::map<std::string, std::string> wanted;
    for (const std::string& name : early_) wanted[name] = name;
    return pit_uses(config_, columns_, plan_.aggregated_events, wanted);
  }

  PlanContext& context_;
  std::set<std::string> early_;  // lists that a step needs before the output
  FetchedColumns fetch_;
  Plan plan_;
};

}  // namespace

Plan make_plan(const Catalog& catalog, const SqlLibrary& sql, Day day) {
  PlanContext context(catalog);
  return plan_for(Planner(context, sql).make(day), catalog, day);
}

Plan plan_for(Plan plan, const Catalog& catalog, Day day) {
  const Interval spine = spine_of(catalog, day);
  const Interval own = catalog.day_zone().interval_of(day);
  plan.day = day;
  for (PlanInput& input : plan.inputs) {
    if (input.name == kRawFeed) input = feed_input(catalog, catalog.partitions_in(own));
  }
  const std::string start = sql_timestamp(own.begin);
  const std::string end = sql_timestamp(own.end);
  plan.day_variables = {
      {"day_start", start}, {"spine_start", start}, {"day_end", end}, {"targets_end", end}};
  std::string is_cumulative = "FALSE";
  const std::vector<std::string> cumulative = cumulative_events(catalog.config());
  for (std::size_t i = 0; i < plan.aggregated_events.size(); ++i) {
    if (std::ranges::binary_search(cumulative, plan.aggregated_events[i]))
      is_cumulative += fmt::format(" OR __event = {}", i);
  }
  plan.in_history =
      fmt::format("__t < {} AND (__t >= {} OR {})", end, sql_timestamp(spine.begin), is_cumulative);
  return plan;
}

}  // namespace daedalus
