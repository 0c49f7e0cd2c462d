// training/aggregations.yaml: the rolling aggregations and the windowed joins.
#include <limits>

#include "config/draft.h"

namespace daedalus::config {
namespace {

constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();

std::optional<std::int64_t> read_max_length(Fields& fields) {
  const auto value = fields.find("max_length");
  return value && !value->is_null() ? value->integer(1, kAny) : std::nullopt;
}

void read_flag(Fields& fields, const std::string& key, bool& flag) {
  if (const auto value = fields.find(key)) assign(flag, value->boolean());
}

void read_windows(const Value& value, AggregationSpec& spec) {
  if (!value.node().is_sequence()) {
    if (!value.node().is_scalar()) {
      value.expected("a list of durations, or cumulative");
    } else {
      spec.cumulative = value.choice({"cumulative"}).has_value();
    }
    return;
  }
  for (const Value& item : value.items()) {
    const auto window = item.duration();
    if (!window) continue;
    for (const Duration& other : spec.windows) {
      if (other.micros != window->micros) continue;
      const std::string same =
          other.text == window->text ? "" : " (it is as long as " + other.text + ")";
      item.complain("the window " + window->text + " is given twice" + same, "remove one");
    }
    spec.windows.push_back(*window);
  }
  if (value.node().items.empty()) {
    value.complain("the list holds no window", "write for example [7d], or cumulative");
  }
}

AggregationSpec read_spec(const Value& value, Draft& draft) {
  AggregationSpec spec;
  Fields fields(value);
  if (const auto name = fields.need("name")) assign(spec.name, name->text());
  if (spec.name.empty()) draft.names_complete = false;
  if (const auto agg = fields.find("agg")) assign(spec.agg, agg->choice({"list", "count"}));
  const bool is_list = spec.agg == AggregationSpec::Agg::kList;
  if (const auto column = is_list ? fields.need("column") : fields.find("column")) {
    assign(spec.column, column->text());
  }
  draft.count_columns.push_back(is_list ? "" : spec.column);
  if (!is_list) spec.column.clear();
  if (const auto events = fields.need("events")) spec.events = read_events(*events);
  const std::size_t before = draft.problems.size();
  if (const auto windows = fields.need("windows")) read_windows(*windows, spec);
  if (draft.problems.size() != before) draft.open_prefixes.push_back(spec.name);
  read_flag(fields, "exclude_self", spec.exclude_self);
  read_flag(fields, "flatten_distinct", spec.flatten_distinct);
  read_flag(fields, "distinct", spec.distinct);
  spec.distinct = spec.distinct || spec.flatten_distinct || spec.cumulative;
  spec.max_length = read_max_length(fields);
  if (const auto order = fields.find("order")) {
    assign(spec.order, order->choice({"newest_first", "oldest_first"}));
  }
  fields.finish();
  return spec;
}

void read_on(const Value& value, WindowedJoin& join) {
  const auto pairs = value.fields();
  if (!value.node().is_mapping()) return;
  if (pairs.empty()) {
    value.complain("expected a pair, the view's column and the spine's, found none",
                   "write for example {author_id: user_id}");
  }
  for (const auto& [view_column, spine_column] : pairs) {
    JoinKey key{view_column, {}};
    assign(key.spine_column, spine_column.text());
    join.on.push_back(std::move(key));
  }
}

WindowedJoin read_join(const Value& value, Draft& draft) {
  WindowedJoin join;
  Fields fields(value);
  if (const auto name = fields.need("name")) assign(join.name, name->text());
  if (join.name.empty()) draft.names_complete = false;
  if (const auto view = fields.need("view")) assign(join.view, view->text());
  if (const auto on = fields.need("on")) read_on(*on, join);
  if (const auto time = fields.need("time")) assign(join.time, time->text());
  if (const auto column = fields.need("value")) assign(join.value, column->text());
  if (const auto window = fields.need("window")) assign(join.window, window->duration());
  join.max_length = read_max_length(fields);
  fields.finish();
  return join;
}

}  // namespace

void read_aggregations(Draft& draft) {
  Fields fields(draft.at("aggregations"));
  if (const auto specs = fields.need("aggregation_specs")) {
    draft.names_complete = draft.names_complete && specs->node().is_sequence();
    for (const Value& item : specs->items()) {
      draft.config.aggregation_specs.push_back(read_spec(item, draft));
    }
  }
  if (const auto joins = fields.need("windowed_joins")) {
    draft.names_complete = draft.names_complete && joins->node().is_sequence();
    for (const Value& item : joins->items()) {
      draft.config.windowed_joins.push_back(read_join(item, draft));
    }
  }
  fields.finish();
}

}  // namespace daedalus::config
