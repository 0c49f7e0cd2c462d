// The columns that aggregate_pit_table makes: which of them a step needs early, and in which uses
// they are made.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "plan/row_columns.h"

namespace daedalus {

/// Whether aggregate_pit_table makes the column.
bool is_list(const RowColumn& column);

/// Whether an event has the column of its artwork: lists of it are made of the sweep's items.
bool is_of_item(const Config& config, const RowColumn& column);

/// The columns whose own value `exclude_self` needs of a row, and which no item has.
std::set<std::string> own_columns(const Config& config, const RowColumns& columns);

/// The number of a row's user or artwork, `__user` or `__item`, where that is its key for a
/// windowed join; else empty.
std::string number_of_key(const Config& config, const WindowedJoin& join);

/// The column of a row that is its key for a windowed join, the `index`th: a number, or what is set
/// aside as `__on_{index}`.
std::string row_key(const Config& config, const WindowedJoin& join, std::size_t index);

/// The lists that a step needs before the output: because a rule reads or sets them, or because
/// they are cast.
std::set<std::string> early_lists(const Config& config, const RowColumns& columns);

/// The uses of aggregate_pit_table that make the columns of `wanted`, under the names that it gives
/// them. `event_names`: what the numbers in rolling_events stand for.
std::vector<PitUse> pit_uses(const Config& config, const RowColumns& columns,
                             const std::vector<std::string>& event_names,
                             const std::map<std::string, std::string>& wanted);

}  // namespace daedalus
