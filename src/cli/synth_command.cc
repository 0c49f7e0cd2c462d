#include "cli/synth_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "base/day.h"
#include "daedalus/synth.h"

namespace daedalus {
namespace {

constexpr const char* kFooter = R"(
Writes DIR/data/feed, DIR/data/views and DIR/data/embeddings.lance, and the shipped
configuration to DIR/config as far as its files are not there yet. The same flags
give the same rows.

Examples:
  daeda synth world
      2,000 users and ten days of 20,000 events: a few seconds
  daeda synth big --users 100000 --artworks 200000 --events-per-day 1000000
      10 million events
  daeda synth world --seed 2 --force
      another world in the place of the first; data/training_output stays)";

// The range goes into the message of a value outside it, and stays out of the help.
CLI::Option* add_number(CLI::App& command, const char* flag, std::int64_t& value,
                        std::int64_t least, std::int64_t most, const char* help) {
  return command.add_option(flag, value, help)
      ->capture_default_str()
      ->type_name("N")
      ->check(CLI::Range(least, most).description(""))
      ->group("World");
}

std::string with_commas(std::int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

bool lies_in_shipped_range(const SynthOptions& options) {
  using namespace std::chrono_literals;
  const std::chrono::sys_days last{options.end_date};
  const std::chrono::sys_days first = last - std::chrono::days(options.days - 1);
  return first >= std::chrono::sys_days{2026y / 2 / 1} &&
         last <= std::chrono::sys_days{2026y / 5 / 31};
}

std::string shell_quoted(const std::string& word) {
  const bool plain = std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '/' || c == '.' || c == '_' || c == '-';
  });
  if (plain) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

void run(const SynthOptions& options) {
  const SynthSummary summary = synthesize(options);
  const std::string dir = options.dir.string();
  fmt::print("{}: {} events on {} days, {} users, {} artworks, {:.1f} MB\n", dir,
             with_commas(summary.events), summary.days, with_commas(summary.users),
             with_commas(summary.artworks), static_cast<double>(summary.bytes) / 1e6);
  if (!lies_in_shipped_range(options)) {
    fmt::print("The shipped feed_start and feed_end don't span these days: change them in {}\n",
               (options.dir / "config/training/runtime.yaml").string());
  }
  fmt::print("Next: cd {} && daeda pipeline train dssm_ranking --skeleton-only\n",
             shell_quoted(dir));
}

}  // namespace

void add_synth_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "synth", "Generate a synthetic feed, views and embedding pool to try things on");
  const auto options = std::make_shared<SynthOptions>();
  constexpr std::int64_t kMany = 100'000'000;
  command->add_option("DIR", options->dir, "Directory to write to; made when missing")
      ->required()
      ->type_name("");
  add_number(*command, "--users", options->users, 1, kMany, "Users");
  add_number(*command, "--artworks", options->artworks, 1, kMany, "Artworks");
  add_number(*command, "--days", options->days, 1, 3660, "Days of feed");
  add_number(*command, "--events-per-day", options->events_per_day, 1, 100 * kMany,
             "Events a day, about; at most 100 a user");
  add_number(*command, "--max-sessions", options->max_sessions, 1, kSynthMaxSessions,
             "Sessions a day of the busiest users: fewer, shorter lists");
  add_number(*command, "--seed", options->seed, 0, std::numeric_limits<std::int64_t>::max(),
             "Another seed, another world");
  add_number(*command, "--embedding-dim", options->embedding_dim, 1, 4096,
             "Elements of an embedding");
  const auto set_date = [options](const std::string& text) {
    const std::optional<Day> day = parse_day(text);
    if (!day)
      throw CLI::ValidationError("--end-date", text + " is not a date; write it as 2026-05-17");
    options->end_date = *day;
  };
  command->add_option_function<std::string>("--end-date", set_date, "Last day of feed, in UTC")
      ->type_name("YYYY-MM-DD")
      ->default_str("2026-05-17")
      ->group("World");
  command->add_flag("--force", options->force,
                    "Replace the feed, views and pool of a DIR/data that is there");
  command->footer(kFooter);
  command->callback([options, &exit_code] {
    run(*options);
    exit_code = 0;
  });
}

}  // namespace daedalus
