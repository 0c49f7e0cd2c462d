// training/runtime.yaml: the knobs of the skeleton stage.
#include <algorithm>
#include <limits>

#include "config/draft.h"
#include "config/duckdb_settings.h"
#include "daedalus/warning.h"

namespace daedalus::config {
namespace {

void read_knobs(Fields& fields, Runtime& runtime) {
  if (const auto start = fields.need("feed_start")) assign(runtime.feed_start, start->year_month());
  if (const auto end = fields.need("feed_end")) {
    runtime.feed_end_latest = end->node().is_scalar() && end->node().text == "latest";
    if (!runtime.feed_end_latest) assign(runtime.feed_end, end->year_month());
    if (runtime.feed_start > 0 && runtime.feed_end > 0 && runtime.feed_end < runtime.feed_start) {
      end->complain("feed_end " + end->node().text + " is before feed_start " +
                        std::to_string(runtime.feed_start),
                    "both are months of the range");
    }
  }
  if (const auto rows = fields.need("entity_spine_chunk_rows")) {
    assign(runtime.entity_spine_chunk_rows,
           rows->integer(1, std::numeric_limits<std::int64_t>::max()));
  }
  if (const auto workers = fields.need("day_workers")) {
    assign(runtime.day_workers, workers->integer(1, std::numeric_limits<int>::max()));
  }
  if (const auto root = fields.need("output_root")) assign(runtime.output_root, root->path());
  if (const auto most = fields.need("max_invalid_fraction")) {
    assign(runtime.max_invalid_fraction, most->fraction());
  }
}

void read_warnings(const Value& value, Runtime& runtime) {
  const std::vector<std::string> names(kWarningNames.begin(), kWarningNames.end());
  for (const auto& [name, policy] : value.fields()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      const std::string near = did_you_mean(name, names);
      policy.complain("there is no warning of this name",
                      near.empty() ? "the names are " + join(names) : near);
      continue;
    }
    assign(runtime.warnings[name], policy.choice({"warn", "error", "ignore"}));
  }
}

void read_compute(const Value& value, Runtime& runtime) {
  Fields fields(value);
  if (const auto engine = fields.need("engine")) {
    const std::vector<std::string> engines = {"duckdb", "native", "polars"};
    if (const auto index = engine->choice(engines)) runtime.engine = engines[*index];
  }
  if (const auto settings = fields.need("duckdb_config")) {
    for (const auto& [name, setting] : settings->fields()) {
      if (const Objection objection = object_to_setting(name); !objection.what.empty()) {
        setting.complain(objection.what, objection.fix);
      } else if (setting.node().is_scalar()) {
        const bool is_path = name == "temp_directory" && !setting.node().text.empty();
        if (is_path) static_cast<void>(setting.path());
        runtime.duckdb_config[name] = setting.node().text;
      } else if (!setting.is_null()) {  // Null leaves a setting to DuckDB.
        setting.expected("one value");
      }
    }
  }
  fields.finish();
}

void read_coverage_filter(const Value& value, EmbeddingCoverageFilter& filter) {
  Fields fields(value);
  if (const auto enabled = fields.need("enabled")) assign(filter.enabled, enabled->boolean());
  if (const auto events = fields.need("events")) {
    if (events->node().is_sequence()) {
      filter.events = read_events(*events);
    } else if (events->node().is_scalar()) {
      filter.all_events = events->choice({"all"}).has_value();
    } else {
      events->expected("a list of events, or all");
    }
  }
  fields.finish();
}

void read_session_filter(const Value& value, SessionFilter& filter) {
  Fields fields(value);
  if (const auto drop = fields.need("drop_view_only")) {
    assign(filter.drop_view_only, drop->boolean());
  }
  if (const auto drop = fields.need("drop_single_like")) {
    assign(filter.drop_single_like, drop->boolean());
  }
  if (const auto events = fields.need("view_events")) filter.view_events = read_events(*events);
  if (const auto events = fields.need("like_events")) filter.like_events = read_events(*events);
  fields.finish();
}

void read_ages(const Value& value, Draft& draft) {
  if (!value.node().is_mapping()) draft.names_complete = false;
  for (const auto& [name, age_value] : value.fields()) {
    AgeColumn age{.name = name};
    Fields fields(age_value);
    if (const auto since = fields.need("since")) assign(age.since, since->text());
    if (const auto unit = fields.need("unit")) {
      constexpr std::int64_t kSecond = 1'000'000;
      const std::vector<Duration> units = {
          {kSecond, "1s"}, {60 * kSecond, "1m"}, {3600 * kSecond, "1h"}, {86400 * kSecond, "1d"}};
      if (const auto index = unit->choice({"s", "m", "h", "d"})) age.unit = units[*index];
    }
    fields.finish();
    draft.config.runtime.age_columns.push_back(std::move(age));
  }
}

void check_condition(const Value& value) {
  if (!value.node().is_sequence()) return;
  if (value.node().items.empty()) {
    value.complain("an empty list matches no row", "write the values that match");
  }
  for (const Value& item : value.items()) {
    if (item.node().is_sequence()) item.expected("one value");
  }
}

// Columns with literals. `is_condition`: they are compared with, not set to, the literals.
std::vector<ColumnLiteral> read_literals(const Value& value, bool is_condition) {
  std::vector<ColumnLiteral> literals;
  for (const auto& [column, literal] : value.fields()) {
    if (is_condition) check_condition(literal);
    literals.push_back({column, literal.literal().value_or(Literal{})});
  }
  if (value.node().is_mapping() && literals.empty()) {
    value.complain("the mapping names no column",
                   is_condition ? "an empty condition would match every row" : "");
  }
  return literals;
}

void read_rules(Fields& fields, Runtime& runtime) {
  if (const auto rules = fields.need("curation")) {
    for (const Value& item : rules->items()) {
      CurationRule& rule = runtime.curation.emplace_back();
      Fields rule_fields(item);
      if (const auto when = rule_fields.need("when")) rule.when = read_literals(*when, true);
      if (const auto set = rule_fields.need("set")) rule.set = read_literals(*set, false);
      rule_fields.finish();
    }
  }
  if (const auto rules = fields.need("content_filter")) {
    for (const Value& item : rules->items()) {
      runtime.content_filter.push_back(read_literals(item, true));
    }
  }
}

// Without a `type`, a default's type is that of its value, which must have one.
void check_untyped(const Value& value, const Literal& literal) {
  const auto* list = std::get_if<Literal::List>(&literal.value);
  if (list == nullptr) return;
  const Literal* first = nullptr;
  for (const Literal& item : *list) {
    if (item.is_null()) continue;
    if (first == nullptr) first = &item;
    const bool is_list = std::holds_alternative<Literal::List>(item.value);
    if (!is_list && first->value.index() == item.value.index()) continue;
    value.complain(is_list ? "a list of lists has no type of its own"
                           : "the values of the list have different types",
                   "add the `type` of the column, for example type: DOUBLE[]");
    return;
  }
}

OutputColumn read_output(const Value& value) {
  OutputColumn column;
  if (value.node().is_scalar()) {
    assign(column.name, value.text());
    return column;
  }
  if (!value.node().is_mapping()) {
    value.expected("the name of a column, or a mapping with its name");
    return column;
  }
  Fields fields(value);
  if (const auto name = fields.need("name")) assign(column.name, name->text());
  const auto literal = fields.find("default");
  if (literal) column.default_value = literal->literal();
  const auto sql = fields.find("default_sql");
  if (sql) column.default_sql = sql->text();
  if (literal && sql) sql->complain("default and default_sql are given both", "keep one of them");
  const auto type = fields.find("type");
  if (type) column.type = type->text();
  if (column.default_value && !type) check_untyped(*literal, *column.default_value);
  fields.finish();
  return column;
}

void read_outputs(const Value& value, Runtime& runtime) {
  for (const Value& item : value.items()) runtime.output_columns.push_back(read_output(item));
  if (value.node().is_sequence() && runtime.output_columns.empty()) {
    value.complain("the list names no column");
  }
}

}  // namespace

void read_runtime(Draft& draft) {
  Runtime& runtime = draft.config.runtime;
  Fields fields(draft.at("runtime"));
  read_knobs(fields, runtime);
  if (const auto warnings = fields.find("warnings")) read_warnings(*warnings, runtime);
  if (const auto compute = fields.need("compute")) read_compute(*compute, runtime);
  if (const auto refs = fields.need("feature_refs")) {
    draft.names_complete = draft.names_complete && refs->node().is_sequence();
    draft.feature_refs = refs->texts();
  }
  if (const auto filter = fields.need("embedding_coverage_filter")) {
    read_coverage_filter(*filter, runtime.embedding_coverage_filter);
  }
  if (const auto filter = fields.need("session_filter")) {
    read_session_filter(*filter, runtime.session_filter);
  }
  if (const auto ages = fields.need("age_columns")) read_ages(*ages, draft);
  read_rules(fields, runtime);
  if (const auto outputs = fields.need("output_columns")) read_outputs(*outputs, runtime);
  fields.finish();
}

}  // namespace daedalus::config
