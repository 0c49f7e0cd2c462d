// make_plan(): the ten steps, in the order of their relations. The SQL of each is in sql/skeleton/.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "config/problems.h"
#include "engine/quote.h"
#include "plan/encoding.h"
#include "plan/literals.h"
#include "plan/plan.h"
#include "plan/row_columns.h"

namespace daedalus {
namespace {

using Form = Relation::Form;
using Origin = RowColumn::Origin;

// Makes one plan; its methods follow the steps.
class Planner {
 public:
  Planner(const Catalog& catalog, const SqlLibrary& sql, Day day)
      : catalog_(catalog), config_(catalog.config()), sql_(sql), columns_(catalog), engine_(config_.runtime.duckdb_config) {
    plan_.day = day;
    plan_.spine = spine_of(config_, day);
    plan_.session = catalog.session();
  }

  Plan make() {
    find_early_columns();
    add_inputs();
    add_variables();
    plan_.stages = {feed_day(), spine(), preload_filtered_features(), rolling_events(), target_rows()};
    if (!config_.windowed_joins.empty()) plan_.stages.push_back(windowed_items());
    plan_.stages.push_back(published_rows());
    add_pit_uses();
    if (!problems_.empty()) throw Error(ErrorKind::kConfig, problems_.sorted());
    return std::move(plan_);
  }

 private:
  [[nodiscard]] Relation relation(const std::string& name, Form form, const std::string& file,
                                  const std::map<std::string, std::string>& markers = {}) const {
    return {name, form, file, sql_.select(file, markers)};
  }

  // Runs `make` and remembers what it finds wrong at `key`, so that all problems are told at once.
  template <typename Make>
  auto guarded(const std::string& key, Make make) -> decltype(make()) {
    try {
      return make();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kConfig) throw;
      for (const Problem& problem : error.problems()) problems_.add(config_.where(key), problem.what, problem.fix);
      return {};
    }
  }

  // Lists that a step needs before the output: because a rule reads or sets them, or because they are cast.
  void find_early_columns() {
    const Runtime& runtime = config_.runtime;
    std::vector<std::string> touched;
    for (const CurationRule& rule : runtime.curation) {
      for (const ColumnLiteral& item : rule.when) touched.push_back(item.column);
      for (const ColumnLiteral& item : rule.set) touched.push_back(item.column);
    }
    for (const FilterRule& rule : runtime.content_filter) {
      for (const ColumnLiteral& item : rule) touched.push_back(item.column);
    }
    for (const OutputColumn& column : runtime.output_columns) {
      if (column.type) touched.push_back(column.name);
    }
    for (const std::string& name : touched) {
      const RowColumn* column = columns_.find(name);
      if (column != nullptr && is_list(*column)) early_.insert(column->name);
    }
  }

  static bool is_list(const RowColumn& column) {
    return column.origin == Origin::kAggregation || column.origin == Origin::kWindowedJoin;
  }

  void add_inputs() {
    const std::vector<FeedPartition> partitions = partitions_for(catalog_, plan_.day);
    plan_.inputs.push_back({"raw_feed", catalog_.select_feed(partitions), catalog_.feed().select_empty()});
    for (const auto& [name, view] : catalog_.views()) {
      plan_.inputs.push_back({"view_" + name, view.select_all(), view.select_empty()});
    }
    if (catalog_.pool()) {
      plan_.inputs.push_back({"embedding_pool", catalog_.pool()->select_all(), catalog_.pool()->select_empty()});
    }
  }

  void set(const std::string& name, const std::string& expression) { plan_.variables.emplace_back(name, expression); }

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
    set("aggregated_events", quote_text_list({aggregated.begin(), aggregated.end()}));
    set("cumulative_events", quote_text_list({cumulative.begin(), cumulative.end()}));
  }

  Stage feed_day() {
    Stage stage{"feed_day", {relation("feed_day", Form::kCounts, "count_feed_day")}, catalog_.feed().is_lance()};
    for (const Encoding& encoding : config_.feed.encodings) {
      plan_.encoded.push_back(encoding.column);
      if (catalog_.feed().type_of(encoding.column) == nullptr) continue;
      stage.relations.push_back({"unknown_" + encoding.column, Form::kCounts, "count_unknown_values",
                                 unknown_values_select(catalog_, sql_, encoding)});
    }
    return stage;
  }

  // Steps 1, 5 and 2.
  Stage spine() {
    Stage stage{"entity_spine",
                {{"encoded_feed", Form::kView, "encoded_feed", encoded_feed_select(catalog_, sql_)},
                 relation("time_window_entity_spine", Form::kFile, "time_window_entity_spine"),
                 relation("inject_dislike_history", Form::kView, "inject_dislike_history")}};
    if (catalog_.pool()) {
      stage.relations.push_back(relation("entity_spine", Form::kFile, "embedding_coverage_filter"));
      stage.relations.push_back(relation("covered", Form::kCounts, "count_covered"));
      stage.reads_lance = catalog_.pool()->is_lance();
    } else {
      stage.relations.push_back({"entity_spine", Form::kFile, "", "SELECT * FROM inject_dislike_history"});
    }
    stage.reads_lance = stage.reads_lance || catalog_.feed().is_lance();
    return stage;
  }

  // Step 3: the views of feature_refs, and those that static columns come from.
  Stage preload_filtered_features() {
    Stage stage{"preload_filtered_features", {}};
    std::set<std::string> needed(config_.runtime.feature_refs.begin(), config_.runtime.feature_refs.end());
    for (const RowColumn& column : columns_.of(Origin::kStatic)) needed.insert(column.view);
    for (const std::string& name : needed) {
      const FeatureView& view = config_.views.at(name);
      std::string features;
      for (const std::string& feature : view.features) {
        if (feature != view.entity) features += ", " + quote_identifier(feature);
      }
      stage.relations.push_back(relation("features_" + name, Form::kFile, "preload_filtered_features",
                                         {{"entity", quote_identifier(view.entity)},
                                          {"features", features},
                                          {"view", quote_identifier("view_" + name)},
                                          {"latest_first", latest_first(view)}}));
      stage.reads_lance = stage.reads_lance || catalog_.views().at(name).is_lance();
    }
    return stage;
  }

  [[nodiscard]] static std::string latest_first(const FeatureView& view) {
    std::vector<std::string> keys{quote_identifier(view.timestamp_field) + " DESC NULLS LAST"};
    for (const std::string& feature : view.features) {
      if (feature != view.entity && feature != view.timestamp_field) {
        keys.push_back(quote_identifier(feature) + " DESC NULLS LAST");
      }
    }
    return fmt::format("{}", fmt::join(keys, ", "));
  }

  // Step 4.
  [[nodiscard]] Relation enrich_spine_for_rolling() const {
    std::string columns;
    std::set<std::string> views;
    for (const RowColumn& column : columns_.of(Origin::kStatic)) {
      views.insert(column.view);
      columns += fmt::format(", {}.{}", quote_identifier("features_" + column.view), quote_identifier(column.name));
    }
    return relation("enrich_spine_for_rolling", Form::kView, "enrich_spine_for_rolling",
                    {{"static_columns", columns}, {"static_joins", feature_joins(views, "spine")}});
  }

  [[nodiscard]] std::string feature_joins(const std::set<std::string>& views, const std::string& rows) const {
    std::string joins;
    for (const std::string& name : views) {
      joins += fmt::format("LEFT JOIN {0} ON {0}.{1} = {2}.{1}\n", quote_identifier("features_" + name),
                           quote_identifier(config_.views.at(name).entity), rows);
    }
    return joins;
  }

  [[nodiscard]] std::string total_order() const {
    std::vector<std::string> keys{"event_timestamp", "__tie", "artwork_id", "event"};
    for (const std::string& name : catalog_.passthrough()) keys.push_back(quote_identifier(name));
    if (plan_.session) keys.push_back(quote_identifier(*plan_.session));
    // Encoded columns that are not passed through are no part of the order, but equal rows must not differ by chance.
    for (const Encoding& encoding : config_.feed.encodings) keys.push_back(quote_identifier(encoding.column));
    for (std::string& key : keys) key += " ASC NULLS FIRST";
    return fmt::format("{}", fmt::join(keys, ", "));
  }

  Stage rolling_events() {
    std::set<std::string> values;
    for (const AggregationSpec& spec : config_.aggregation_specs) {
      if (spec.agg == AggregationSpec::Agg::kList && columns_.find(spec.column) != nullptr) values.insert(spec.column);
    }
    std::string list;
    for (const std::string& value : values) list += ", " + quote_identifier(value);
    return {"rolling_events",
            {enrich_spine_for_rolling(),
             relation("rolling_events", Form::kOrderedFile, "rolling_events", {{"values", list}, {"total_order", total_order()}})}};
  }

  // Steps 7 and 8.
  Stage target_rows() {
    std::set<std::string> own;
    for (const AggregationSpec& spec : config_.aggregation_specs) {
      if (spec.exclude_self && spec.agg == AggregationSpec::Agg::kList) own.insert(spec.column);
    }
    plan_.own_columns.assign(own.begin(), own.end());
    std::string kernel = ", event_timestamp AS __t, user_id AS __user";
    for (const std::string& column : own) {
      kernel += fmt::format(", {} AS {}", quote_identifier(column), quote_identifier("__own_" + column));
    }
    for (std::size_t i = 0; i < config_.windowed_joins.size(); ++i) {
      kernel += fmt::format(", {} AS __on_{}", key_of(config_.windowed_joins[i], &JoinKey::spine_column), i);
    }
    const std::string session = plan_.session ? quote_identifier(*plan_.session) : "NULL::VARCHAR";
    return {"target_rows",
            {enrich_spine_for_rolling(),
             relation("filter_to_target_day", Form::kView, "filter_to_target_day", {{"kernel_columns", kernel}}),
             relation("target_rows", Form::kOrderedFile, "apply_session_filter", {{"session", session}, {"total_order", total_order()}}),
             relation("session_dropped", Form::kCounts, "count_dropped", {{"judged", "target_rows"}})}};
  }

  // The key of a windowed join as one value, on the side of the view or of the spine.
  [[nodiscard]] static std::string key_of(const WindowedJoin& join, std::string JoinKey::* side) {
    if (join.on.size() == 1) return quote_identifier(join.on.front().*side);
    std::vector<std::string> fields;
    for (const JoinKey& key : join.on) fields.push_back(fmt::format("k{} := {}", fields.size(), quote_identifier(key.*side)));
    return fmt::format("struct_pack({})", fmt::join(fields, ", "));
  }

  // NULL equals nothing, but structs compare NULLs in them as equal.
  [[nodiscard]] static std::string key_is_whole(const WindowedJoin& join) {
    std::vector<std::string> conditions;
    for (const JoinKey& key : join.on) conditions.push_back(quote_identifier(key.view_column) + " IS NOT NULL");
    return fmt::format("{}", fmt::join(conditions, " AND "));
  }

  // Step 9: the items; the lists are made of them as all others are.
  Stage windowed_items() {
    Stage stage{"windowed_items", {}};
    for (std::size_t i = 0; i < config_.windowed_joins.size(); ++i) {
      const WindowedJoin& join = config_.windowed_joins[i];
      const FeatureView& view = config_.views.at(join.view);
      stage.relations.push_back(relation(fmt::format("windowed_items_{}", i), Form::kOrderedFile, "compute_user_recent_published_artworks",
                                         {{"key", key_of(join, &JoinKey::view_column)},
                                          {"key_is_whole", key_is_whole(join)},
                                          {"time", quote_identifier(join.time)},
                                          {"value", quote_identifier(join.value)},
                                          {"view", quote_identifier("view_" + join.view)},
                                          {"entity", quote_identifier(view.entity)},
                                          {"latest_first", latest_first(view)},
                                          {"row_key", fmt::format("__on_{}", i)}}));
      stage.reads_lance = stage.reads_lance || catalog_.views().at(join.view).is_lance();
    }
    return stage;
  }

  // Step 10, but for the lists.
  Stage published_rows() {
    Stage stage{kPublishedRows, {join_preloaded_features(), compute_age_columns()}};
    const std::string curated = add_curation(stage);
    plan_.filter_rules = config_.runtime.content_filter.size();
    stage.relations.push_back(relation("apply_content_filter", Form::kTable, "apply_content_filter",
                                       {{"rules", filter_rules()}, {"curated", quote_identifier(curated)}}));
    stage.relations.push_back(
        relation("content_dropped", Form::kCounts, "count_dropped", {{"judged", "apply_content_filter"}}));
    stage.relations.push_back(relation(kPublishedRows, Form::kOrderedFile, kPublishedRows,
                                       {{"kernel_columns", kernel_columns()}, {"output_columns", output_columns()}}));
    return stage;
  }

  Relation join_preloaded_features() {
    std::string features;
    std::set<std::string> views;
    for (const RowColumn& column : columns_.of(Origin::kFeature)) {
      views.insert(column.view);
      features += fmt::format(", {}.{}", quote_identifier("features_" + column.view), quote_identifier(column.name));
    }
    std::string joins = feature_joins(views, "target");
    for (const RowColumn& column : columns_.all()) {
      if (early_.contains(column.name)) features += ", " + quote_identifier(column.name);
    }
    for (const std::string& name : early_relations()) {
      joins += fmt::format("JOIN {0} ON {0}.__row_id = target.__row\n", quote_identifier(name));
    }
    return relation("join_preloaded_features", Form::kView, "join_preloaded_features", {{"features", features}, {"joins", joins}});
  }

  Relation compute_age_columns() {
    std::string ages;
    for (const AgeColumn& age : config_.runtime.age_columns) {
      const std::string since = quote_identifier(age.since);
      ages += fmt::format(
          ", CASE WHEN {0} IS NOT NULL THEN CAST(greatest(0, (CAST(epoch_us(event_timestamp) AS HUGEINT) - "
          "epoch_us(CAST({0} AS TIMESTAMP))) // {1}) AS BIGINT) END AS {2}",
          since, age.unit.micros, quote_identifier(age.name));
    }
    return relation("compute_age_columns", Form::kView, "compute_age_columns", {{"ages", ages}});
  }

  // Adds a relation for each rule and returns the name of the last.
  std::string add_curation(Stage& stage) {
    std::string before = "compute_age_columns";
    for (std::size_t i = 0; i < config_.runtime.curation.size(); ++i) {
      const CurationRule& rule = config_.runtime.curation[i];
      const std::string key = fmt::format("runtime.curation[{}]", i);
      const std::string when = guarded(key + ".when", [&] { return all_of(rule.when); });
      std::vector<std::string> assignments;
      for (const ColumnLiteral& item : rule.set) {
        const RowColumn* column = columns_.find(item.column);
        if (column == nullptr) {
          report_missing(key + ".set." + item.column, item.column);
          continue;
        }
        const std::string value = guarded(key + ".set." + item.column, [&] { return value_of_type(engine_, item, column->type); });
        assignments.push_back(fmt::format("CASE WHEN {0} THEN {1} ELSE {2} END AS {2}", when, value, quote_identifier(column->name)));
      }
      if (assignments.empty()) continue;
      const std::string name = fmt::format("curated_{}", i);
      stage.relations.push_back(relation(name, Form::kView, "curate_animated_model_type",
                                         {{"assignments", fmt::format("{}", fmt::join(assignments, ", "))}, {"before", before}}));
      before = name;
    }
    return before;
  }

  std::string filter_rules() {
    std::string rules;
    for (std::size_t i = 0; i < config_.runtime.content_filter.size(); ++i) {
      const std::string key = fmt::format("runtime.content_filter[{}]", i);
      rules += fmt::format("WHEN {} THEN 'rule_{}' ", guarded(key, [&] { return all_of(config_.runtime.content_filter[i]); }), i);
    }
    return rules.empty() ? "WHEN FALSE THEN NULL::VARCHAR" : rules;
  }

  std::string all_of(const std::vector<ColumnLiteral>& items) {
    std::vector<std::string> conditions;
    for (const ColumnLiteral& item : items) {
      const RowColumn* column = columns_.find(item.column);
      if (column == nullptr) {
        throw Error(ErrorKind::kConfig, fmt::format("no step makes a column '{}': the feed does not have it", item.column),
                    "remove it here, or add it to the feed");
      }
      conditions.push_back(condition(engine_, item, column->type));
    }
    return conditions.empty() ? "TRUE" : fmt::format("{}", fmt::join(conditions, " AND "));
  }

  void report_missing(const std::string& key, const std::string& name) {
    std::vector<std::string> names;
    for (const RowColumn& column : columns_.all()) names.push_back(column.name);
    std::string fix = config::did_you_mean(name, names);
    if (fix.empty()) fix = "give it a default, or remove it";
    problems_.add(config_.where(key), fmt::format("no step makes a column '{}', and the feed does not have it", name), fix);
  }

  [[nodiscard]] std::string kernel_columns() const {
    std::string columns = "__t, __user";
    for (const std::string& own : plan_.own_columns) columns += ", " + quote_identifier("__own_" + own);
    for (std::size_t i = 0; i < config_.windowed_joins.size(); ++i) columns += fmt::format(", __on_{}", i);
    if (plan_.session) columns += fmt::format(", {} AS __session", quote_identifier(*plan_.session));
    return columns;
  }

  // Decides where each output column comes from, and returns those that are no late list as SQL.
  std::string output_columns() {
    std::string columns;
    bool has_qid = false;
    const auto& wanted = config_.runtime.output_columns;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const OutputColumn& output = wanted[i];
      const std::string key = fmt::format("runtime.output_columns[{}]", i);
      const RowColumn* column = columns_.find(output.name);
      const bool qid = column == nullptr && plan_.session && config::same_name(output.name, "qid");
      if (qid) {
        has_qid = true;
        const std::string type = output.type ? guarded(key, [&] { return quote_type(engine_, *output.type); }) : "";
        plan_.output.push_back({output.name, OutputItem::Source::kQid, type});
      } else if (column != nullptr && is_list(*column) && !early_.contains(column->name)) {
        plan_.output.push_back({output.name, OutputItem::Source::kList, ""});
        late_[column->name] = output.name;
      } else {
        plan_.output.push_back({output.name, OutputItem::Source::kRow, ""});
        columns += fmt::format(", {} AS {}", guarded(key, [&] { return output_expression(key, output, column); }),
                               quote_identifier(output.name));
      }
    }
    if (plan_.session && !has_qid) plan_.output.push_back({"qid", OutputItem::Source::kQid, ""});
    return columns;
  }

  std::string output_expression(const std::string& key, const OutputColumn& output, const RowColumn* column) {
    std::string expression;
    if (column != nullptr) {
      expression = quote_identifier(column->name);
    } else if (output.default_sql) {
      expression = constant_expression(engine_, *output.default_sql);
    } else if (output.default_value) {
      expression = quote_literal(*output.default_value);
    } else {
      report_missing(key, output.name);
      return "NULL";
    }
    if (!output.type) return expression;
    const std::string cast = fmt::format("CAST({} AS {})", expression, quote_type(engine_, *output.type));
    if (column == nullptr) check_constant(cast);
    return cast;
  }

  void check_constant(const std::string& expression) {
    try {
      engine_.query("SELECT " + expression);
    } catch (const Error& error) {
      throw Error(ErrorKind::kConfig, std::string("the default can't be of the column's type: ") + error.what(), "give it another");
    }
  }

  [[nodiscard]] std::vector<std::string> early_relations() const {
    std::vector<std::string> names;
    for (const PitUse& use : pit_uses([this](const std::string& name) { return early_.contains(name) ? name : ""; })) {
      names.push_back(use.name);
    }
    return names;
  }

  // The uses of aggregate_pit_table that make the columns for which `output_name` gives a name.
  template <typename OutputName>
  [[nodiscard]] std::vector<PitUse> pit_uses(OutputName output_name) const {
    std::vector<PitUse> uses;
    PitUse rolling{"early_rolling", "rolling_events", "__user", {}};
    for (const AggregationSpec& spec : config_.aggregation_specs) {
      if (auto pit = wanted_part(spec, spec.output_names(), output_name)) rolling.specs.push_back(*pit);
    }
    if (!rolling.specs.empty()) uses.push_back(std::move(rolling));
    for (std::size_t i = 0; i < config_.windowed_joins.size(); ++i) {
      const WindowedJoin& join = config_.windowed_joins[i];
      AggregationSpec spec;
      spec.name = join.name;
      spec.column = "value";
      spec.events = {"item"};
      spec.windows = {join.window};
      spec.max_length = join.max_length;
      if (auto pit = wanted_part(spec, {join.name}, output_name)) {
        uses.push_back({fmt::format("early_windowed_{}", i), fmt::format("windowed_items_{}", i), fmt::format("__on_{}", i), {*pit}});
      }
    }
    return uses;
  }

  // `spec` with those of its windows alone whose column is wanted.
  template <typename OutputName>
  [[nodiscard]] std::optional<PitSpec> wanted_part(const AggregationSpec& spec, const std::vector<std::string>& names,
                                                   OutputName output_name) const {
    PitSpec pit{spec, {}};
    pit.spec.windows.clear();
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string name = output_name(names[i]);
      if (name.empty()) continue;
      pit.output_names.push_back(name);
      if (!spec.cumulative) pit.spec.windows.push_back(spec.windows.at(i));
    }
    if (pit.output_names.empty()) return std::nullopt;
    return pit;
  }

  void add_pit_uses() {
    plan_.early = pit_uses([this](const std::string& name) { return early_.contains(name) ? name : ""; });
    plan_.late = pit_uses([this](const std::string& name) {
      const auto found = late_.find(name);
      return found == late_.end() ? std::string() : found->second;
    });
  }

  const Catalog& catalog_;
  const Config& config_;
  const SqlLibrary& sql_;
  RowColumns columns_;
  Engine engine_;  // evaluates literals and constant expressions of the configuration
  config::Problems problems_;
  std::set<std::string> early_;
  std::map<std::string, std::string> late_;  // list column to its name in the output
  Plan plan_;
};

}  // namespace

Plan make_plan(const Catalog& catalog, const SqlLibrary& sql, Day day) { return Planner(catalog, sql, day).make(); }

}  // namespace daedalus
