#include "cli/config_flags.h"

#include <CLI/CLI.hpp>

namespace daedalus::cli {

void add_config_flags(CLI::App& command, ConfigFlags& flags) {
  command.add_option("--config-dir", flags.dir, "Directory of the configuration")
      ->type_name("DIR")
      ->capture_default_str()
      ->group("Configuration");
  command.add_option("--set", flags.overrides, "Override one value, read as YAML; repeatable")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false)  // one value a flag: what follows is the command's own
      ->group("Configuration");
}

void add_sql_dir_flag(CLI::App& command, std::filesystem::path& sql_dir) {
  command
      .add_option(
          "--sql-dir", sql_dir,
          "An edited copy of sql/: its skeleton/*.sql are read instead of the built-in ones")
      ->type_name("DIR")
      ->check(CLI::Validator(CLI::ExistingDirectory).description(""))
      ->group("Configuration");
}

}  // namespace daedalus::cli
