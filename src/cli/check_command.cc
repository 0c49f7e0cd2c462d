// `daeda check`: binds every relation of a day's plan without reading a row.
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/cli.h"
#include "cli/config_flags.h"
#include "cli/signals.h"
#include "cli/table.h"
#include "daedalus/skeleton.h"

namespace daedalus::cli {
namespace {

constexpr const char* kFooter =
    R"(Reads the configuration and the schemas of the sources, and binds the SQL of every
stage on empty tables. A source without files is assumed to have what it declares.

Examples:
  daeda check
      the shipped SQL with ./config
  daeda check --sql-dir sql
      SQL files that are being edited
  daeda check --set runtime.day_workers=4
      would this value do?)";

struct CheckFlags {
  ConfigFlags config;
  std::filesystem::path sql_dir;
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

void check(const CheckFlags& flags, Session& session) {
  const Config config = flags.config.load();
  const SignalWatcher watcher;
  std::vector<std::string> assumptions;
  std::vector<Warning> warnings;
  const std::vector<BoundRelation> relations =
      check_skeleton_stage(config, flags.sql_dir, &assumptions, &warnings);
  session.out << stage_lines(relations);
  for (const std::string& assumption : assumptions)
    fmt::print(session.out, "note: {}\n", assumption);
  for (const Warning& warning : warnings)
    fmt::print(session.err, "warning: {}: {}\n", warning.name, warning.text);
  fmt::print(session.out, "ok: {} {}\n", relations.size(),
             relations.size() == 1 ? "relation binds" : "relations bind");
}

}  // namespace

void add_check_command(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("check", "Check configuration, schemas and SQL without reading data");
  const auto flags = std::make_shared<CheckFlags>();
  add_config_flags(*command, flags->config);
  add_sql_dir_flag(*command, flags->sql_dir);
  command->footer(kFooter);
  command->callback([flags, &session] { check(*flags, session); });
}

}  // namespace daedalus::cli
