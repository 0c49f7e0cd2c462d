#include "plan/list_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/quote.h"
#include "plan/row_rules.h"

namespace daedalus {
namespace {

// `spec` with those of its windows alone whose column is wanted; absent when none is.
std::optional<PitSpec> wanted_part(const AggregationSpec& spec,
                                   const std::vector<std::string>& names,
                                   const std::map<std::string, std::string>& wanted) {
  PitSpec pit{spec, {}};
  pit.spec.windows.clear();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = wanted.find(names[i]);
    if (found == wanted.end()) continue;
    pit.output_names.push_back(found->second);
    if (!spec.cumulative) pit.spec.windows.push_back(spec.windows.at(i));
  }
  if (pit.output_names.empty()) return std::nullopt;
  return pit;
}

// A windowed join is an aggregation too: over the view's items, by the key of the join.
AggregationSpec spec_of(const WindowedJoin& join) {
  AggregationSpec spec;
  spec.name = join.name;
  spec.column = "value";
  spec.events = {"item"};
  spec.windows = {join.window};
  spec.max_length = join.max_length;
  return spec;
}

bool needs_own(const AggregationSpec& spec) {
  return spec.exclude_self && spec.agg == AggregationSpec::Agg::kList;
}

}  // namespace

std::vector<std::string> PitUse::row_columns() const {
  std::set<std::string> own;
  for (const PitSpec& pit : specs) {
    if (!needs_own(pit.spec)) continue;
    const bool of_item = std::ranges::find(own_of_item, pit.spec.column) != own_of_item.end();
    own.insert(of_item ? "__item" : "__own_" + pit.spec.column);
  }
  std::vector<std::string> columns{key_column};
  columns.insert(columns.end(), own.begin(), own.end());
  return columns;
}

std::string pit_rows_select(const PitUse& use, const std::string& select) {
  std::string columns;
  for (const std::string& column : use.row_columns())
    columns += fmt::format(", {}{}", quote_identifier(column), columns.empty() ? " AS __key" : "");
  return fmt::format("SELECT __row AS __row_id, __t{} FROM ({})", columns, select);
}

bool is_list(const RowColumn& column) {
  return column.origin == RowColumn::Origin::kAggregation ||
         column.origin == RowColumn::Origin::kWindowedJoin;
}

bool is_of_item(const Config& config, const RowColumn& column) {
  return column.origin == RowColumn::Origin::kStatic || column.name == config.feed.keys.item;
}

std::set<std::string> own_columns(const Config& config, const RowColumns& columns) {
  std::set<std::string> own;
  for (const AggregationSpec& spec : config.aggregation_specs) {
    const RowColumn* column = columns.find(spec.column);
    if (needs_own(spec) && column != nullptr && !is_of_item(config, *column))
      own.insert(spec.column);
  }
  return own;
}

std::string number_of_key(const Config& config, const WindowedJoin& join) {
  return join.on.size() == 1 ? number_of_id(config.feed.keys, join.on.front().spine_column) : "";
}

std::string row_key(const Config& config, const WindowedJoin& join, std::size_t index) {
  const std::string number = number_of_key(config, join);
  return number.empty() ? fmt::format("__on_{}", index) : number;
}

std::set<std::string> early_lists(const Config& config, const RowColumns& columns) {
  std::set<std::string> early;
  for (const std::string& name : columns_in_rules(config)) {
    const RowColumn* column = columns.find(name);
    if (column != nullptr && is_list(*column)) early.insert(column->name);
  }
  return early;
}

std::vector<PitUse> pit_uses(const Config& config, const RowColumns& columns,
                             const std::vector<std::string>& event_names,
                             const std::map<std::string, std::string>& wanted) {
  std::vector<PitUse> uses;
  PitUse rolling{.name = "early_rolling",
                 .events = kRollingEvents,
                 .items = "rolling_items",
                 .event_names = event_names,
                 .key_column = "__user",
                 .rows_by_key = true};
  std::set<std::string> own_of_item;
  for (const AggregationSpec& spec : config.aggregation_specs) {
    const auto pit = wanted_part(spec, spec.output_names(), wanted);
    if (!pit) continue;
    rolling.specs.push_back(*pit);
    const RowColumn* column = columns.find(spec.column);
    if (needs_own(spec) && column != nullptr && is_of_item(config, *column))
      own_of_item.insert(spec.column);
  }
  rolling.own_of_item.assign(own_of_item.begin(), own_of_item.end());
  if (!rolling.specs.empty()) uses.push_back(std::move(rolling));
  for (std::size_t i = 0; i < config.windowed_joins.size(); ++i) {
    const WindowedJoin& join = config.windowed_joins[i];
    const auto pit = wanted_part(spec_of(join), {join.name}, wanted);
    if (!pit) continue;
    const std::string key = row_key(config, join, i);
    uses.push_back({.name = fmt::format("early_windowed_{}", i),
                    .events = fmt::format("windowed_items_{}", i),
                    .event_names = pit->spec.events,
                    .key_column = key,
                    .specs = {*pit},
                    .rows_by_key = key == "__user"});
  }
  return uses;
}

}  // namespace daedalus
