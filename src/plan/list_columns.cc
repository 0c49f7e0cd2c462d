#include "plan/list_columns.h"

#include <fmt/format.h>

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

}  // namespace

bool is_list(const RowColumn& column) {
  return column.origin == RowColumn::Origin::kAggregation ||
         column.origin == RowColumn::Origin::kWindowedJoin;
}

std::set<std::string> early_lists(const Config& config, const RowColumns& columns) {
  std::set<std::string> early;
  for (const std::string& name : columns_in_rules(config)) {
    const RowColumn* column = columns.find(name);
    if (column != nullptr && is_list(*column)) early.insert(column->name);
  }
  return early;
}

std::vector<PitUse> pit_uses(const Config& config, const std::vector<std::string>& event_names,
                             const std::map<std::string, std::string>& wanted) {
  std::vector<PitUse> uses;
  PitUse rolling{.name = "early_rolling",
                 .events = kRollingEvents,
                 .items = "rolling_items",
                 .event_names = event_names,
                 .key_column = "__user",
                 .rows_by_key = true};
  for (const AggregationSpec& spec : config.aggregation_specs) {
    if (auto pit = wanted_part(spec, spec.output_names(), wanted)) rolling.specs.push_back(*pit);
  }
  if (!rolling.specs.empty()) uses.push_back(std::move(rolling));
  for (std::size_t i = 0; i < config.windowed_joins.size(); ++i) {
    const WindowedJoin& join = config.windowed_joins[i];
    const auto pit = wanted_part(spec_of(join), {join.name}, wanted);
    if (!pit) continue;
    uses.push_back({.name = fmt::format("early_windowed_{}", i),
                    .events = fmt::format("windowed_items_{}", i),
                    .event_names = pit->spec.events,
                    .key_column = fmt::format("__on_{}", i),
                    .specs = {*pit}});
  }
  return uses;
}

}  // namespace daedalus
