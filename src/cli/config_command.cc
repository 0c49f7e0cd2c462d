// `daeda config show`: every value in effect and where it was written.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/cli.h"
#include "cli/config_flags.h"
#include "cli/json.h"
#include "cli/table.h"

namespace daedalus::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  daeda config show
      every value, and the file and line that it comes from
  daeda config show --set runtime.compute.duckdb_config.threads=8
      the same with one value overridden
  daeda config show --json
      for scripts)";

struct ShowFlags {
  ConfigFlags config;
  bool json = false;
};

void show(const ShowFlags& flags, Session& session) {
  const Config config = flags.config.load();
  Json list = Json::array();
  Table table({{"key"}, {"value"}, {"origin"}});
  for (const EffectiveValue& value : config.effective) {
    const std::string origin = value.origin.to_string();
    table.add({value.key, value.value, origin});
    list.push_back({{"key", value.key},
                    {"value", value.value},
                    {"origin", origin},
                    {"is_default", value.is_default}});
  }
  session.out << (flags.json ? to_text(list) : table.to_string());
}

}  // namespace

void add_config_command(CLI::App& app, Session& session) {
  CLI::App* config = app.add_subcommand("config", "Show the configuration in effect");
  config->require_subcommand(1);
  config->footer(kFooter);
  CLI::App* command = config->add_subcommand("show", "Print every value and where it comes from");
  const auto flags = std::make_shared<ShowFlags>();
  add_config_flags(*command, flags->config);
  command->add_flag("--json", flags->json, "Print JSON, for scripts");
  command->callback([flags, &session] { show(*flags, session); });
}

}  // namespace daedalus::cli
