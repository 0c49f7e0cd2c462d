// How DuckDB instances are opened: their settings, and which files they may touch.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "daedalus/config.h"

namespace daedalus {

/// What every DuckDB instance is opened with; see docs/security.md.
struct EngineSettings {
  std::map<std::string, std::string> duckdb;  ///< DuckDB setting to value: compute.duckdb_config.
  /// Files below these may be read and written, and below `temp_directory`; no others.
  std::vector<std::filesystem::path> directories;

  /// The same, and the files below `directory` too.
  [[nodiscard]] EngineSettings with(const std::filesystem::path& directory) const;
};

/// The settings of a configuration. Its directories are those that its sources name (the part of
/// `source.path` before the first wildcard or partition field, without the file's name) and
/// output_root.
EngineSettings engine_settings(const Config& config);

}  // namespace daedalus
