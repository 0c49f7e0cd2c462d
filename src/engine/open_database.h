// The one place that opens DuckDB.
#pragma once

#include <duckdb.h>

#include "daedalus/engine_settings.h"

namespace daedalus {

/// An open in-memory instance.
class DuckdbInstance {
 public:
  /// Opens one that downloads nothing, loads nothing but Lance where `lance` says so, touches no
  /// file outside of the settings' directories, and whose settings can't be changed any more.
  /// Creates temp_directory. Throws Error: kConfig for a setting that DuckDB refuses, kEnvironment
  /// when temp_directory can't be made or the Lance extension is missing.
  DuckdbInstance(const EngineSettings& settings, bool lance);
  ~DuckdbInstance();
  DuckdbInstance(const DuckdbInstance&) = delete;
  DuckdbInstance& operator=(const DuckdbInstance&) = delete;

  /// A connection, to be closed before the instance is.
  [[nodiscard]] duckdb_connection connect() const;

 private:
  duckdb_database database_ = nullptr;
};

}  // namespace daedalus
