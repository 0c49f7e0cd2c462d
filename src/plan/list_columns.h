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

/// The lists that a step needs before the output: because a rule reads or sets them, or because
/// they are cast.
std::set<std::string> early_lists(const Config& config, const RowColumns& columns);

/// The uses of aggregate_pit_table that make the columns of `wanted`, under the names that it gives
/// them. `event_names`: what the numbers in rolling_events stand for.
std::vector<PitUse> pit_uses(const Config& config, const std::vector<std::string>& event_names,
                             const std::map<std::string, std::string>& wanted);

}  // namespace daedalus
