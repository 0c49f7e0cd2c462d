// Which of DuckDB's settings a configuration may give.
#pragma once

#include <string>

namespace daedalus::config {

/// Why a setting can't be given, and what to do instead.
struct Objection {
  std::string what;  ///< Empty when there is none.
  std::string fix;
};

/// Judges the name of a setting in compute.duckdb_config. Whether DuckDB takes the value is found
/// later, by the engine.
Objection object_to_setting(const std::string& name);

}  // namespace daedalus::config
