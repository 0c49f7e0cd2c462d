#include "cli/cli.h"

#include <arrow/config.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/errors.h"
#include "cli/synth_command.h"
#include "daedalus/version.h"
#include "engine/engine.h"

namespace daedalus::cli {
namespace {

constexpr const char* kFooter =
    R"(Exit codes: 0 done; 1 some days failed; 2 usage or configuration; 3 a data check
failed; 4 input missing or unreadable; 5 the machine (memory, disk); 70 a defect
of daeda; 130 interrupted.

Examples:
  daeda synth world && cd world
      a small world to try things on
  daeda check
      does the configuration hold together?
  daeda pipeline train dssm_ranking --skeleton-only
      build every day of the configured months)";

std::string version_text() {
  return fmt::format("daeda {} (DuckDB {}, Arrow {})", kVersion, Engine::version(),
                     arrow::GetBuildInfo().version_string);
}

void add_commands(CLI::App& app, Session& session) {
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.set_version_flag("--version", version_text, "Print the versions of daeda, DuckDB and Arrow");
  add_pipeline_command(app, session);
  add_status_command(app, session);
  add_retry_command(app, session);
  add_clean_command(app, session);
  add_check_command(app, session);
  add_catalog_command(app, session);
  add_config_command(app, session);
  add_synth_command(app, session.exit_code);
  app.footer(kFooter);  // last: subcommands inherit the footer that is set before them
}

int run(const std::vector<std::string>& args, Session& session) {
  CLI::App app("Daedalus: point-in-time training data for recommenders", "daeda");
  add_commands(app, session);
  try {
    app.parse(std::vector<std::string>(args.rbegin(), args.rend()));  // CLI11 takes from the end
  } catch (const CLI::Success& success) {                             // --help, --version
    return app.exit(success, session.out, session.err);
  } catch (const CLI::ParseError& error) {
    return print_error(usage_error(app, error), session.err);
  }
  return session.exit_code;
}

}  // namespace

int run_cli(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  Session session{.out = out, .err = err};
  int code = 0;
  try {
    code = run(args, session);
  } catch (...) {
    code = print_current_exception(err);
  }
  if (!out.flush() && code == 0) {
    code = print_error(Error(ErrorKind::kEnvironment, "can't write to the standard output"), err);
  }
  return code;
}

}  // namespace daedalus::cli
