// `daeda retry`: the failed days of the last run once more, as that run was asked to make them.
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>

#include "cli/cli.h"
#include "cli/config_flags.h"
#include "cli/run_and_report.h"
#include "daedalus/status.h"

namespace daedalus::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFooter =
    R"(Takes configuration directory, --set, --sql-dir, --engine and --force from the last
run, as output_root/_last_run.json has them; the files of the configuration are read
as they are now. --config-dir and --set say where output_root is, and no more.

Examples:
  daeda retry
      the days that failed in the last run
  daeda retry --set runtime.output_root=out
      of the run that wrote to out
  daeda retry --day-workers 1
      one day at a time, after memory ran out)";

struct RetryFlags {
  ConfigFlags config;
  SkeletonOptions options;
};

// The configuration of `run`, whose relative paths must still mean what they meant.
Config config_of(const LastRun& run, const fs::path& output_root) {
  if (run.config_dir.empty()) {
    throw Error(ErrorKind::kConfig, "the last run was not made with a configuration directory",
                "run it again in the way that it was made");
  }
  Config config = load_config(run.config_dir, run.overrides);
  if (fs::weakly_canonical(config.runtime.output_root) != fs::weakly_canonical(output_root)) {
    throw Error(ErrorKind::kConfig,
                fmt::format("the last run of {} had another output_root, {}", output_root.string(),
                            config.runtime.output_root.string()),
                "go to the directory where that run was started, or use `daeda pipeline train`");
  }
  return config;
}

void retry(const RetryFlags& flags, Session& session) {
  const fs::path output_root = flags.config.load().runtime.output_root;
  const std::optional<LastRun> run = read_last_run(output_root);
  if (!run) {
    throw Error(ErrorKind::kConfig, "no run has been made in " + output_root.string() + " yet",
                "use `daeda pipeline train`, or name another place with --set "
                "runtime.output_root=DIR");
  }
  std::optional<SkeletonOptions> options = retry_options(*run);
  if (!options) {
    fmt::print(session.out, "nothing failed in the last run of {}\n", output_root.string());
    const auto not_run = std::count_if(run->days.begin(), run->days.end(), [](const auto& day) {
      return day.status == DayStatus::kNotRun;
    });
    if (not_run > 0) {
      fmt::print(session.out, "{} {} not run: `daeda pipeline train` goes on from there\n", not_run,
                 not_run == 1 ? "day was" : "days were");
    }
    return;
  }
  options->day_workers = flags.options.day_workers;
  options->fail_fast = flags.options.fail_fast;
  run_and_report(config_of(*run, output_root), *options, session);
}

}  // namespace

void add_retry_command(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("retry", "Repeat the days that failed in the last run");
  const auto flags = std::make_shared<RetryFlags>();
  add_config_flags(*command, flags->config);
  add_run_flags(*command, flags->options);
  command->footer(kFooter);
  command->callback([flags, &session] { retry(*flags, session); });
}

}  // namespace daedalus::cli
