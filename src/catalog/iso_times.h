// Text that stands for a time, where DuckDB's detection leaves it as text.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"

namespace daedalus {

/// Those of the text columns `names` of `relation` (a FROM item) that have a value, and whose every
/// value is an ISO 8601 date and time, with or without a zone. Reads the first rows, and all of
/// them for columns that look like it.
std::vector<std::string> iso_time_columns(Engine& engine, const std::string& relation,
                                          const std::vector<std::string>& names);

}  // namespace daedalus
