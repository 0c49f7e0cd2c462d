#include "cli/aggregate_command.h"

#include <arrow/api.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/day.h"
#include "cli/config_flags.h"
#include "cli/day_flag.h"
#include "cli/row_table.h"
#include "cli/signals.h"
#include "cli/table.h"
#include "daedalus/aggregate_day.h"

namespace daedalus::cli {
namespace {

constexpr const char* kFooter =
    R"(The rows are the day's events that the embedding coverage filter leaves, before the
session and content filters; the columns are those of feed.keys (user_id, artwork_id,
event_timestamp and event as shipped) and of the aggregation, as a run would publish
them. Publishes nothing.

Examples:
  daeda catalog aggregate --spec like_artwork_ids --day 2026-05-15
      the first rows on the screen
  daeda catalog aggregate --spec like_artwork_ids --day 2026-05-15 --out likes.parquet
      all rows in a file
  daeda catalog aggregate --spec like_artwork_ids --day 2026-05-15 --engine polars
      by the Python package, which DAEDALUS_PYTHON (or python3) has to have
  daeda catalog aggregate --spec recent_clicks --day 2026-05-15 \
      --set 'aggregations.aggregation_specs=[{name: recent_clicks, column: artwork_id, events: [click], windows: [12h]}]' \
      --set 'runtime.output_columns=[user_id]'
      an aggregation that no file has yet)";

struct AggregateFlags {
  ConfigFlags config;
  std::string spec;
  std::optional<std::string> day;
  AggregateOptions options{.first_rows = 10};
  bool json = false;
};

std::string dropped_text(const AggregatedDay& made) {
  std::vector<std::string> reasons;
  for (const StepAccount& step : made.row_accounting) {
    for (const auto& [reason, rows] : step.dropped) {
      if (rows > 0) reasons.push_back(fmt::format("{} {}", format_count(rows), reason));
    }
  }
  return reasons.empty() ? "" : fmt::format("; dropped {}", fmt::join(reasons, ", "));
}

std::string summary_line(const AggregateFlags& flags, const AggregatedDay& made) {
  const std::string out = flags.options.out.string();
  const std::string rows =
      out.empty() ? fmt::format("{} of {} rows", format_count(made.first_rows->num_rows()),
                                format_count(made.rows))
                  : fmt::format("{} rows, {} to {}", format_count(made.rows),
                                format_bytes(made.bytes), out);
  return fmt::format("{}: {}{}\n", *flags.day, rows, dropped_text(made));
}

Json to_json(const AggregateFlags& flags, const AggregatedDay& made) {
  Json json{{"spec", flags.spec},
            {"day", *flags.day},
            {"engine", flags.options.engine},
            {"rows", made.rows},
            {"row_accounting", Json::array()}};
  for (const StepAccount& step : made.row_accounting) {
    Json dropped = Json::object();
    for (const auto& [reason, rows] : step.dropped) dropped[reason] = rows;
    json["row_accounting"].push_back({{"step", step.step},
                                      {"rows_in", step.rows_in},
                                      {"dropped", dropped},
                                      {"rows_out", step.rows_out}});
  }
  if (flags.options.out.empty()) {
    json["first_rows"] = cli::to_json(*made.first_rows);
  } else {
    json["out"] = flags.options.out.string();
    json["bytes"] = made.bytes;
  }
  return json;
}

void aggregate(AggregateFlags& flags, Session& session) {
  const Day day = read_day("--day", flags.day).value();
  const Config config = flags.config.load();
  const SignalWatcher watcher;
  if (flags.options.engine.empty()) flags.options.engine = config.runtime.engine;
  if (!flags.options.out.empty()) flags.options.first_rows = 0;
  const AggregatedDay made = aggregate_day(config, flags.spec, day, flags.options);
  for (const Warning& warning : made.warnings)
    fmt::print(session.err, "warning: {}: {}\n", warning.name, warning.text);
  if (flags.json) {
    session.out << to_text(to_json(flags, made));
    return;
  }
  if (flags.options.out.empty()) session.out << row_table(*made.first_rows) << '\n';
  session.out << summary_line(flags, made);
}

}  // namespace

void add_aggregate_command(CLI::App& catalog, Session& session) {
  CLI::App* command = catalog.add_subcommand(
      "aggregate", "Compute one aggregation of one day, without publishing anything");
  const auto flags = std::make_shared<AggregateFlags>();
  command->add_option("--spec", flags->spec, "The aggregation or windowed join")
      ->type_name("NAME")
      ->required();
  command->add_option("--day", flags->day, "The day")->type_name("YYYY-MM-DD")->required();
  command
      ->add_option("--engine", flags->options.engine,
                   "What makes the lists, the same ones: native, duckdb or polars; "
                   "compute.engine when left out")
      ->type_name("NAME")
      ->check(CLI::IsMember({"native", "duckdb", "polars"}).description(""));
  CLI::Option* out =
      command->add_option("--out", flags->options.out, "Write all rows to this Parquet file")
          ->type_name("FILE");
  command->add_option("-n,--rows", flags->options.first_rows, "How many rows to print")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000}).description(""))
      ->capture_default_str()
      ->excludes(out);
  command->add_flag("--json", flags->json, "Print JSON, for scripts");
  add_config_flags(*command, flags->config);
  add_sql_dir_flag(*command, flags->options.sql_dir);
  command->footer(kFooter);
  command->callback([flags, &session] { aggregate(*flags, session); });
}

}  // namespace daedalus::cli
