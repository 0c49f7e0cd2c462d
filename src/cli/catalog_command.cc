// `daeda catalog list|show|days|sample|coverage|…`: what the names of the configuration resolve to.
#include <arrow/api.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/accept_types_command.h"
#include "cli/aggregate_command.h"
#include "cli/catalog_tables.h"
#include "cli/cli.h"
#include "cli/config_flags.h"
#include "cli/day_flag.h"
#include "cli/errors.h"
#include "cli/row_table.h"
#include "cli/signals.h"
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
  daeda catalog sample user_profile -n 5
      five of its rows, always the same
  daeda catalog coverage --day 2026-05-15
      how many of the day's users and artworks the views and the pool know
  daeda catalog days --json
      for scripts; so all of them)";

struct CatalogFlags {
  ConfigFlags config;
  std::string name;
  std::int64_t rows = 10;
  std::optional<std::string> day;
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
  const SourceSummary source = show_source(flags.config.load(), flags.name);
  session.out << (flags.json ? to_text(to_json(source)) : source_details(source));
  report_unreadable(source.name, source.error, session);
}

void days(const CatalogFlags& flags, Session& session) {
  const std::vector<FeedPartitionDays> partitions = list_feed_days(flags.config.load());
  session.out << (flags.json ? to_text(to_json(partitions)) : day_table(partitions));
  for (const FeedPartitionDays& each : partitions) {
    report_unreadable("feed partition " + each.partition, each.error, session);
  }
}

void sample(const CatalogFlags& flags, Session& session) {
  const auto rows = sample_source(flags.config.load(), flags.name, flags.rows);
  session.out << (flags.json ? to_text(to_json(*rows)) : row_table(*rows));
}

void coverage(const CatalogFlags& flags, Session& session) {
  const DayCoverage covered = list_coverage(flags.config.load(), read_day("--day", flags.day));
  session.out << (flags.json ? to_text(to_json(covered)) : coverage_table(covered));
  for (const SourceCoverage& source : covered.sources)
    report_unreadable(source.name, source.error, session);
}

}  // namespace

void add_catalog_command(CLI::App& app, Session& session) {
  CLI::App* catalog =
      app.add_subcommand("catalog", "Look into the sources: files, columns, days, rows, coverage");
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
  const auto add_name = [&](CLI::App* command) {
    command->add_option("NAME", flags->name, "feed, embedding_pool or a view")->required();
    return command;
  };
  add_name(add("show", "One of them, with its columns", show));
  add("days", "The days of the feed and their rows; reads the time of every row", days);
  add_name(add("sample", "Some rows of one of them, spread over its ids, always the same", sample))
      ->add_option("-n,--rows", flags->rows, "How many")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000}).description(""))
      ->capture_default_str();
  add("coverage", "How many of a day's ids the views and the embedding pool know", coverage)
      ->add_option("--day", flags->day, "The day; the last one with rows when left out")
      ->type_name("YYYY-MM-DD");
  add_aggregate_command(*catalog, session);
  add_accept_types_command(*catalog, session);
}

}  // namespace daedalus::cli
