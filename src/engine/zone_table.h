// Time zones by name, from the tables that are built into DuckDB.
#pragma once

#include <string>

#include "base/time_zone.h"
#include "engine/engine.h"

namespace daedalus {

/// The IANA zone of that name, which the configuration has checked. Its table is made once in a
/// process; UTC needs none.
TimeZone time_zone(Engine& engine, const std::string& name);

}  // namespace daedalus
