// Where the target days stand, as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "cli/json.h"
#include "daedalus/status.h"

namespace daedalus::cli {

/// A line per day with why a run would compute it or what the last one failed on, and a total.
std::string standing_table(const std::vector<DayStanding>& standings,
                           const std::string& output_root);

Json to_json(const std::vector<DayStanding>& standings);

}  // namespace daedalus::cli
