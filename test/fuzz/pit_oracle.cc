#include "pit_oracle.h"

#include <algorithm>

namespace daedalus::fuzz {
namespace {

bool same(const Cell& a, const Cell& b) {
  if (a.is_null || b.is_null) return a.is_null == b.is_null;
  return std::ranges::equal(a.elements, b.elements, [](const auto& x, const auto& y) {
    return x && y ? x->same == y->same : x.has_value() == y.has_value();
  });
}

bool holds(const std::vector<Cell>& cells, const Cell& cell) {
  return std::ranges::any_of(cells, [&](const Cell& other) { return same(cell, other); });
}

// The values that one event gives: 'a NULL value is left out; with flatten_distinct each value is a
// list, and its elements follow one another (NULL elements left out)'.
std::vector<Cell> values_of(const Cell& cell, bool flatten) {
  if (cell.is_null) return {};
  if (!flatten) return {cell};
  std::vector<Cell> values;
  for (const std::optional<Element>& element : cell.elements) {
    if (element) values.push_back({.is_null = false, .elements = {element}});
  }
  return values;
}

// 'the user's events with event in spec.events and time in [t - w, t)'.
bool is_in_window(const OracleEvent& event, const OracleRow& row,
                  std::optional<std::int64_t> window) {
  if (row.key != event.key || event.time >= row.time) return false;
  // As unsigned numbers, the difference of any two times fits.
  const std::uint64_t age =
      static_cast<std::uint64_t>(row.time) - static_cast<std::uint64_t>(event.time);
  return !window || age <= static_cast<std::uint64_t>(*window);
}

}  // namespace

std::vector<Cell> oracle_list(const AggregationSpec& spec, const std::vector<char>& takes,
                              std::optional<std::int64_t> window,
                              const std::vector<OracleEvent>& events, const OracleRow& row) {
  const std::vector<Cell> own = values_of(row.own, spec.flatten_distinct);
  const bool distinct = spec.distinct || spec.flatten_distinct || !window;
  std::vector<Cell> list;
  for (const OracleEvent& event : events) {
    if (takes[event.name] == 0 || !is_in_window(event, row, window)) continue;
    if (spec.agg == AggregationSpec::Agg::kCount) {
      list.emplace_back();
      continue;
    }
    for (const Cell& value : values_of(event.value, spec.flatten_distinct)) {
      if (spec.exclude_self && holds(own, value)) continue;
      if (distinct && holds(list, value)) continue;
      list.push_back(value);
    }
  }
  // 'counts the events instead': the options of lists don't bear on it.
  if (spec.agg == AggregationSpec::Agg::kCount) return list;
  if (spec.max_length && list.size() > static_cast<std::size_t>(*spec.max_length))
    list.resize(static_cast<std::size_t>(*spec.max_length));
  if (spec.order == AggregationSpec::Order::kOldestFirst) std::ranges::reverse(list);
  return list;
}

}  // namespace daedalus::fuzz
