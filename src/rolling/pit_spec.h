// Specifications of aggregate_pit_table, as an engine in another language needs them.
#pragma once

#include <string>
#include <vector>

#include "daedalus/pit_table.h"

namespace daedalus {

/// JSON text of a list: for each specification `spec`, with its keys as in aggregations.yaml, and
/// `columns`, the name of each with its window in microseconds, null when cumulative.
std::string to_json(const std::vector<PitSpec>& specs);

/// A SELECT without rows, of the columns that the specifications yield with the types that every
/// engine gives them. `events`: a SELECT of the events, with their items' columns.
std::string empty_result_select(const std::vector<PitSpec>& specs, const std::string& events);

}  // namespace daedalus
