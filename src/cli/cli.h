// The command line `daeda`: parses arguments, calls the library, prints, and answers with an exit
// code. Results go to `out`; progress, warnings and errors to `err`.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace daedalus::cli {

/// Where a command writes, and what it answers.
struct Session {
  std::ostream& out;
  std::ostream& err;
  int exit_code = 0;
};

/// Runs `daeda` with `args` (without the program's name) and returns its exit code; throws nothing.
int run_cli(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);

// One subcommand each. When it is chosen, its callback runs it and may set `session.exit_code`;
// an Error passes through to run_cli().
void add_pipeline_command(CLI::App& app, Session& session);
void add_status_command(CLI::App& app, Session& session);
void add_retry_command(CLI::App& app, Session& session);
void add_clean_command(CLI::App& app, Session& session);
void add_check_command(CLI::App& app, Session& session);
void add_catalog_command(CLI::App& app, Session& session);
void add_config_command(CLI::App& app, Session& session);

}  // namespace daedalus::cli
