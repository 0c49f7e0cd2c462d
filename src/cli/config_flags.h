// The flags that say which configuration a command works on.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daedalus/config.h"

namespace CLI {
class App;
}  // namespace CLI

namespace daedalus::cli {

struct ConfigFlags {
  std::filesystem::path dir = "config";
  std::vector<std::string> overrides;

  /// load_config() of these.
  [[nodiscard]] Config load() const { return load_config(dir, overrides); }
};

/// Adds --config-dir and --set to `command`; `flags` must outlive its parse.
void add_config_flags(CLI::App& command, ConfigFlags& flags);

/// Adds --sql-dir.
void add_sql_dir_flag(CLI::App& command, std::filesystem::path& sql_dir);

}  // namespace daedalus::cli
