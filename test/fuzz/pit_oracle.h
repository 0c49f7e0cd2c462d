// The lists of aggregate_pit_table by their definition ("Rolling aggregations" of semantics.md):
// every row looks at every event. Slow, and known by reading.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "daedalus/config.h"

namespace daedalus::fuzz {

/// A value as its number in a table of values; `same` of equal ones is equal, though they may be
/// written in different ways (0.0 and -0.0).
struct Element {
  int number = 0;
  int same = 0;
};

/// A column's value: NULL, one element, or, in a column of lists, any number of them. An element
/// without a value is a NULL in a list.
struct Cell {
  bool is_null = true;
  std::vector<std::optional<Element>> elements;
};

/// One event; of a key's events the newer stands first.
struct OracleEvent {
  int key = 0;
  std::int64_t time = 0;  ///< In microseconds.
  int name = 0;           ///< An index into the names that the specification is asked about.
  Cell value;
};

struct OracleRow {
  std::optional<int> key;  ///< Without one: no events.
  std::int64_t time = 0;   ///< In microseconds.
  Cell own;
};

/// What `spec` counts or lists of `events` for `row` within `window` microseconds before it; all
/// before it without a window. `takes`: of each event name, whether the specification names it. A
/// count is given as that many NULLs. `window` is what decides: `spec.windows` is not looked at.
std::vector<Cell> oracle_list(const AggregationSpec& spec, const std::vector<char>& takes,
                              std::optional<std::int64_t> window,
                              const std::vector<OracleEvent>& events, const OracleRow& row);

}  // namespace daedalus::fuzz
