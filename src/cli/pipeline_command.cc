// `daeda pipeline train NAME`: runs a training pipeline; of its stages the skeleton is there.
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "cli/cli.h"
#include "cli/config_flags.h"
#include "cli/day_flag.h"
#include "cli/run_and_report.h"
#include "config/problems.h"
#include "daedalus/pit_table.h"
#include "daedalus/skeleton.h"

namespace daedalus::cli {
namespace {

constexpr const char* kPipeline = "dssm_ranking";

constexpr const char* kFooter =
    R"(A day whose published partition matches the configuration and the inputs is left
alone. Interrupt at any time: published days stay, the next run goes on from there.
`daeda retry` repeats the days that failed.

Examples:
  daeda pipeline train dssm_ranking --skeleton-only
      every day of feed_start..feed_end that has data
  daeda pipeline train dssm_ranking --skeleton-only --target-date 2026-05-15
      one day
  daeda pipeline train dssm_ranking --skeleton-only --from 2026-05-01 --to 2026-05-07 --day-workers 2
      a week, two days at a time
  daeda pipeline train dssm_ranking --skeleton-only --fail-fast
      stop at the first day that fails
  daeda pipeline train dssm_ranking --skeleton-only --set runtime.output_root=out --force
      everything again, to another place)";

struct TrainFlags {
  std::string pipeline;
  bool skeleton_only = false;
  std::optional<std::string> target_date;
  std::optional<std::string> from;
  std::optional<std::string> to;
  ConfigFlags config;
  SkeletonOptions options;
};

// Reads what CLI11 does not judge: the pipeline's name and the dates.
void check_flags(TrainFlags& flags) {
  if (flags.pipeline != kPipeline) {
    const std::string nearest = config::did_you_mean(flags.pipeline, {kPipeline});
    throw Error(ErrorKind::kConfig, "unknown pipeline '" + flags.pipeline + "'",
                nearest.empty() ? std::string("there is one: ") + kPipeline : nearest);
  }
  if (!flags.skeleton_only) {
    throw Error(ErrorKind::kConfig,
                "of the stages compile, skeleton and enrich only the skeleton stage is there",
                std::string("type `daeda pipeline train ") + kPipeline + " --skeleton-only`");
  }
  SkeletonOptions& options = flags.options;
  options.target_date = read_day("--target-date", flags.target_date);
  options.from = read_day("--from", flags.from);
  options.to = read_day("--to", flags.to);
  if (options.target_date && (options.from || options.to)) {
    throw Error(ErrorKind::kConfig, "--target-date goes with neither --from nor --to",
                "give one day, or a range of days");
  }
  if (options.from && options.to && *options.from > *options.to) {
    throw Error(ErrorKind::kConfig, "--from " + *flags.from + " is after --to " + *flags.to,
                "swap the two");
  }
}

void train(TrainFlags& flags, Session& session) {
  check_flags(flags);
  const Config config = flags.config.load();
  run_and_report(config, flags.options, session);
}

void add_flags(CLI::App& command, TrainFlags& flags) {
  command.add_option("PIPELINE", flags.pipeline, std::string("The pipeline: ") + kPipeline)
      ->required();
  command.add_flag("--skeleton-only", flags.skeleton_only,
                   "Run the skeleton stage, the one that is there");
  const auto add_date = [&command](const char* name, std::optional<std::string>& text,
                                   const char* help) {
    command.add_option(name, text, help)->type_name("YYYY-MM-DD")->group("Days");
  };
  add_date("--target-date", flags.target_date, "Only this day");
  add_date("--from", flags.from, "First day, inclusive");
  add_date("--to", flags.to, "Last day, inclusive");
  command.add_flag("--force", flags.options.force, "Also the days that are up to date")
      ->group("Days");
  add_run_flags(command, flags.options);
  command
      .add_option("--engine", flags.options.engine,
                  "What makes the lists: native, or duckdb as a cross-check")
      ->type_name("NAME")
      ->check(CLI::IsMember(pit_engine_names()).description(""))
      ->capture_default_str();
  add_config_flags(command, flags.config);
  add_sql_dir_flag(command, flags.options.sql_dir);
}

}  // namespace

void add_pipeline_command(CLI::App& app, Session& session) {
  CLI::App* pipeline = app.add_subcommand("pipeline", "Run a pipeline");
  pipeline->require_subcommand(1);
  pipeline->footer(kFooter);
  CLI::App* command = pipeline->add_subcommand("train", "Build training data, a partition a day");
  const auto flags = std::make_shared<TrainFlags>();
  add_flags(*command, *flags);
  command->callback([flags, &session] { train(*flags, session); });
}

}  // namespace daedalus::cli
