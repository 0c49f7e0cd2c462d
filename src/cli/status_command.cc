// `daeda status`: where every target day stands.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/cli.h"
#include "cli/config_flags.h"
#include "cli/signals.h"
#include "cli/status_table.h"
#include "daedalus/status.h"

namespace daedalus::cli {
namespace {

constexpr const char* kFooter =
    R"(published  up to date: a run leaves it alone
stale      published, but a run would compute it again; why, by key or file
failed     the last run failed on it, with this error
missing    not published

Reads manifests, file names and the times of the feed's rows; changes nothing. Exit
code 0 whatever the days' states.

Examples:
  daeda status
      a line a day
  daeda status --set runtime.max_invalid_fraction=0.01
      what would a run with this value compute?
  daeda status --json
      for scripts)";

struct StatusFlags {
  ConfigFlags config;
  std::filesystem::path sql_dir;
  bool json = false;
};

void status(const StatusFlags& flags, Session& session) {
  const Config config = flags.config.load();
  const SignalWatcher watcher;
  const std::vector<DayStanding> standings = list_standings(config, flags.sql_dir);
  session.out << (flags.json ? to_text(to_json(standings))
                             : standing_table(standings, config.runtime.output_root.string()));
}

}  // namespace

void add_status_command(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("status", "Show which target days are published, stale, failed, missing");
  const auto flags = std::make_shared<StatusFlags>();
  add_config_flags(*command, flags->config);
  add_sql_dir_flag(*command, flags->sql_dir);
  command->add_flag("--json", flags->json, "Print JSON, for scripts");
  command->footer(kFooter);
  command->callback([flags, &session] { status(*flags, session); });
}

}  // namespace daedalus::cli
