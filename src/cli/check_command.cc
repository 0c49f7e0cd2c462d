// `daeda check`: binds every relation of a day's plan without computing a day.
#include <fmt/ostream.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/cli.h"
#include "cli/config_flags.h"
#include "cli/signals.h"
#include "cli/table.h"
#include "daedalus/check.h"

namespace daedalus::cli {
namespace {

constexpr const char* kFooter =
    R"(Reads the configuration and the schemas of the sources, and binds the SQL of every
stage on empty tables. Exit code 4 when sources are not there: all are named.

Examples:
  daeda check
      would a run begin?
  daeda check --allow-missing
      before the sources are there: they are assumed to have what they declare
  daeda check --set runtime.day_workers=4
      would this value do?
  daeda check --sql-dir sql --stages
      SQL files that are being edited: their relations and columns)";

struct CheckFlags {
  ConfigFlags config;
  CheckOptions options;
  bool stages = false;
};

// A line a stage: "name (columns)" of each of its relations, in the plan's order.
std::string stage_lines(const std::vector<BoundRelation>& relations) {
  std::vector<std::pair<std::string, std::string>> stages;
  for (const BoundRelation& relation : relations) {
    if (stages.empty() || stages.back().first != relation.stage)
      stages.emplace_back(relation.stage, "");
    std::string& line = stages.back().second;
    line +=
        fmt::format("{}{} ({})", line.empty() ? "" : ", ", relation.name, relation.columns.size());
  }
  Table table({{"stage"}, {"relations (columns)"}});
  for (const auto& [stage, line] : stages) table.add({stage, line});
  return table.to_string();
}

// "1 file", "2 files".
std::string counted(std::size_t count, const std::string& thing) {
  return fmt::format("{} {}{}", format_count(static_cast<std::int64_t>(count)), thing,
                     count == 1 ? "" : "s");
}

std::string size_of(const CheckedSource& source) {
  return fmt::format("{}, {}, {}", counted(source.files, "file"), format_bytes(source.bytes),
                     counted(source.columns, "column"));
}

std::string partitions_of(const SkeletonCheck& check) {
  const std::vector<std::string>& labels = check.partitions;
  if (labels.empty()) return "none";
  if (labels.size() == 1) return labels.front();
  return fmt::format("{}, {} to {}", labels.size(), labels.front(), labels.back());
}

std::string month_text(YearMonth month) { return month == 0 ? "latest" : std::to_string(month); }

// What was checked: a line for the feed, the views together, and the pool, and one for each kind of
// thing that the configuration asks for.
std::string summary(const Config& config, const SkeletonCheck& check) {
  Table facts({{""}, {""}});
  CheckedSource views{"views"};
  std::size_t read = 0;
  for (const CheckedSource& source : check.sources) {
    if (!source.name.starts_with("view ")) continue;
    ++read;
    views.files += source.files;
    views.bytes += source.bytes;
    views.columns += source.columns;
  }
  facts.add({"feed", size_of(check.sources.front())});
  facts.add({"partitions", partitions_of(check)});
  facts.add({"views", fmt::format("{} of {} read: {}", read, config.views.size(), size_of(views))});
  if (check.sources.back().name == "embedding pool")
    facts.add({"embedding pool", size_of(check.sources.back())});
  facts.add({"days",
             fmt::format("feed_start {} to feed_end {}, lookback {}",
                         month_text(config.runtime.feed_start), month_text(config.runtime.feed_end),
                         counted(static_cast<std::size_t>(check.lookback_days), "day"))});
  facts.add({"aggregations",
             fmt::format("{} in {}, {}", counted(config.aggregation_specs.size(), "aggregation"),
                         counted(check.aggregation_columns, "column"),
                         counted(config.windowed_joins.size(), "windowed join"))});
  facts.add({"output", fmt::format("{} to {}", counted(check.output_columns, "column"),
                                   config.runtime.output_root.string())});
  std::set<std::string> stages;
  for (const BoundRelation& relation : check.relations) stages.insert(relation.stage);
  facts.add({"SQL", fmt::format("{} of {} bind", counted(check.relations.size(), "relation"),
                                counted(stages.size(), "stage"))});
  return facts.to_string();
}

void check(const CheckFlags& flags, Session& session) {
  const Config config = flags.config.load();
  const SignalWatcher watcher;
  const SkeletonCheck check = check_skeleton_stage(config, flags.options);
  session.out << (flags.stages ? stage_lines(check.relations) : summary(config, check));
  for (const std::string& assumption : check.assumptions)
    fmt::print(session.out, "note: {}\n", assumption);
  for (const Warning& warning : check.warnings)
    fmt::print(session.err, "warning: {}: {}\n", warning.name, warning.text);
  fmt::print(session.out, "ok{}\n",
             check.warnings.empty() ? "" : ", with " + counted(check.warnings.size(), "warning"));
}

}  // namespace

void add_check_command(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("check", "Check configuration, schemas and SQL before a run");
  const auto flags = std::make_shared<CheckFlags>();
  command->add_flag("--allow-missing", flags->options.allow_missing,
                    "Assume what sources declare that are not there");
  command->add_flag("--stages", flags->stages,
                    "Print the stages with their relations, in place of the summary");
  add_config_flags(*command, flags->config);
  add_sql_dir_flag(*command, flags->options.sql_dir);
  command->footer(kFooter);
  command->callback([flags, &session] { check(*flags, session); });
}

}  // namespace daedalus::cli
