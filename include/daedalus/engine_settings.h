// How DuckDB instances are opened: their settings, and which files they may touch.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daedalus/config.h"

namespace daedalus {

class DuckdbInstance;

/// What every DuckDB instance is opened with; see docs/security.md.
struct EngineSettings {
  std::map<std::string, std::string> duckdb;  ///< DuckDB setting to value: compute.duckdb_config.
  /// Files below these may be read and written, and below `temp_directory`; no others.
  std::vector<std::filesystem::path> directories;
  /// An instance opened so, if users of these settings share one; see share_instance().
  std::shared_ptr<const DuckdbInstance> instance;

  /// The same for an instance that may also touch the files below `directory`.
  [[nodiscard]] EngineSettings with(const std::filesystem::path& directory) const;

  /// Threads of an instance: the setting `threads`, or as many as the machine has.
  [[nodiscard]] int threads() const;
};

/// The settings of a configuration. Its directories are those that its sources name (the part of
/// `source.path` before the first wildcard or partition field, without the file's name) and
/// output_root.
EngineSettings engine_settings(const Config& config);

}  // namespace daedalus
