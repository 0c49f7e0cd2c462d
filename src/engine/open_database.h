// The one place that opens DuckDB.
#pragma once

#include <duckdb.h>

#include "daedalus/engine_settings.h"

namespace daedalus {

/// An open in-memory database and its connection; closed by its owner.
struct OpenDatabase {
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
};

/// Opens an instance that downloads nothing, loads nothing but Lance where `lance` says so, touches
/// no file outside of the settings' directories, and whose settings can't be changed any more.
/// Creates temp_directory. Throws Error: kConfig for a setting that DuckDB refuses, kEnvironment
/// when temp_directory can't be made or the Lance extension is missing.
OpenDatabase open_database(const EngineSettings& settings, bool lance);

}  // namespace daedalus
