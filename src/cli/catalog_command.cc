// `daeda catalog list|show|days`: what the names of the configuration resolve to.
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/catalog_tables.h"
#include "cli/cli.h"
#include "cli/config_flags.h"
#include "cli/errors.h"
#include "cli/signals.h"
#include "config/problems.h"
#include "daedalus/catalog.h"

namespace daedalus::cli {
namespace {

constexpr const char* kFooter =
    R"(Exit code 4 when something can't be read; the rest is printed all the same.

Examples:
  daeda catalog list
      the feed, the views and the embedding pool: their files and sizes
  daeda catalog show user_profile
      one of them with its columns and types; also `feed` and `embedding_pool`
  daeda catalog days
      the days that have data, and rows that belong to no day
  daeda catalog days --json
      for scripts)";

struct CatalogFlags {
  ConfigFlags config;
  std::string name;
  bool json = false;
};

// An unreadable source is told on stderr beside the table and makes the exit code; it stops
// nothing.
void report_unreadable(const std::string& name, const std::string& error, Session& session) {
  if (error.empty()) return;
  session.exit_code = print_error(Error(ErrorKind::kInput, name + ": " + error), session.err);
}

void list(const CatalogFlags& flags, Session& session) {
  const std::vector<SourceSummary> sources = list_catalog(flags.config.load());
  session.out << (flags.json ? to_text(to_json(sources)) : source_table(sources));
  for (const SourceSummary& source : sources) report_unreadable(source.name, source.error, session);
}

void show(const CatalogFlags& flags, Session& session) {
  const std::vector<SourceSummary> sources = list_catalog(flags.config.load());
  const auto source = std::find_if(sources.begin(), sources.end(), [&](const SourceSummary& each) {
    return each.name == flags.name;
  });
  if (source == sources.end()) {
    std::vector<std::string> names;
    names.reserve(sources.size());
    for (const SourceSummary& each : sources) names.push_back(each.name);
    const std::string nearest = config::did_you_mean(flags.name, names);
    throw Error(ErrorKind::kConfig, "the catalog has no '" + flags.name + "'",
                nearest.empty() ? "name one of " + config::join(names) : nearest);
  }
  session.out << (flags.json ? to_text(to_json(*source)) : source_details(*source));
  report_unreadable(source->name, source->error, session);
}

void days(const CatalogFlags& flags, Session& session) {
  const std::vector<FeedPartitionDays> partitions = list_feed_days(flags.config.load());
  session.out << (flags.json ? to_text(to_json(partitions)) : day_table(partitions));
  for (const FeedPartitionDays& each : partitions) {
    report_unreadable("feed partition " + each.partition, each.error, session);
  }
}

}  // namespace

void add_catalog_command(CLI::App& app, Session& session) {
  CLI::App* catalog =
      app.add_subcommand("catalog", "Show the sources, their columns and the days with data");
  catalog->require_subcommand(1);
  catalog->footer(kFooter);
  const auto flags = std::make_shared<CatalogFlags>();
  const auto add = [&](const char* name, const char* help,
                       void (*run)(const CatalogFlags&, Session&)) {
    CLI::App* command = catalog->add_subcommand(name, help);
    add_config_flags(*command, flags->config);
    command->add_flag("--json", flags->json, "Print JSON, for scripts");
    command->callback([flags, &session, run] {
      const SignalWatcher watcher;
      run(*flags, session);
    });
    return command;
  };
  add("list", "The feed, the views and the embedding pool", list);
  add("show", "One of them, with its columns", show)
      ->add_option("NAME", flags->name, "feed, embedding_pool or a view")
      ->required();
  add("days", "The days of the feed and their rows; reads the time of every row", days);
}

}  // namespace daedalus::cli
