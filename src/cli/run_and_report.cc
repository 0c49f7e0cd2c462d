#include "cli/run_and_report.h"

#include <CLI/CLI.hpp>
#include <chrono>

#include "cli/progress.h"
#include "cli/report_table.h"
#include "cli/signals.h"

namespace daedalus::cli {

void add_run_flags(CLI::App& command, SkeletonOptions& options) {
  command
      .add_option("--day-workers", options.day_workers,
                  "Days at a time, instead of runtime.day_workers")
      ->type_name("N")
      ->check(CLI::Range(1, 1024).description(""))
      ->group("Days");
  CLI::Option* fail_fast =
      command
          .add_flag("--fail-fast", options.fail_fast,
                    "Begin no day after the first failed one; those that run go on")
          ->group("Days");
  command.add_flag("--keep-going")
      ->description("A failed day stops no other; the default")
      ->excludes(fail_fast)
      ->group("Days");
}

void run_and_report(const Config& config, SkeletonOptions options, Session& session) {
  const SignalWatcher watcher;
  Progress progress(session.err, progress_style(session.err));
  options.observer = &progress;
  const auto start = std::chrono::steady_clock::now();
  const Report report = run_skeleton_stage(config, options);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  progress.finish();
  session.out << report_table(report, elapsed.count(), config.runtime.output_root.string());
  session.exit_code = report.exit_code();
}

}  // namespace daedalus::cli
