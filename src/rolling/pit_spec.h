// What engines of aggregate_pit_table say of their input and result.
#pragma once

#include <string>
#include <vector>

#include "daedalus/pit_table.h"

namespace daedalus {

/// JSON text of a list: for each specification `spec`, with its keys as in aggregations.yaml, and
/// `columns`, the name of each with its window in microseconds, null when cumulative.
std::string to_json(const std::vector<PitSpec>& specs);

/// A SELECT of the events with the columns of their items; without `__item`, where they have any.
std::string joined_events(const PitTable& table);

/// A SELECT of the rows with `__own_{column}` of all columns; without `__item`.
std::string joined_rows(const PitTable& table);

/// A SELECT without rows, of the columns that the specifications yield with the types that every
/// engine gives them. `events`: as joined_events().
std::string empty_result_select(const std::vector<PitSpec>& specs, const std::string& events);

}  // namespace daedalus
