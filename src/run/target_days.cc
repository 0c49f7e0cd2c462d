#include "run/target_days.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "engine/quote.h"
#include "engine/reading_fault.h"
#include "plan/plan.h"

namespace daedalus {
namespace {

Interval feed_range(const Runtime& runtime) {
  return {day_start(first_day(runtime.feed_start)), day_start(end_day(runtime.feed_end))};
}

// Days with rows in `interval`, per dataset, so that one that can't be read hides no other's days.
void list_days(const Catalog& catalog, Engine& engine, const FeedPartition& partition,
               const Interval& interval, std::set<Day>& days,
               std::map<std::string, Error>& unreadable) {
  for (const Dataset& dataset : partition.datasets) {
    const FeedPartition one{partition.label, partition.interval, {dataset}};
    try {
      const std::string feed = catalog.select_feed({one});
      for (const auto& row : engine.query(fmt::format(
               "SELECT DISTINCT epoch_us(date_trunc('day', {0})) FROM ({1}) WHERE {0} >= {2} "
               "AND {0} < {3}",
               quote_identifier(catalog.config().feed.keys.time), feed,
               sql_timestamp(interval.begin), sql_timestamp(interval.end)))) {
        days.insert(day_of(std::stoll(row.at(0).value())));
      }
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
      const bool named = std::string_view(error.what()).starts_with("feed: " + dataset.path);
      const auto [what, fix] = reading_fault(dataset.path, error);
      unreadable.emplace(
          dataset.path,
          named ? error
                : Error(ErrorKind::kInput, fmt::format("feed: {} {}", dataset.path, what), fix));
    }
  }
}

// The days nearest to `day` that have rows, at most one on each side, for a message. Days outside
// of `range` are named too: they tell that the range is wrong, and not the feed.
std::string nearest_days(const Catalog& catalog, Engine& engine, const Interval& range, Day day) {
  using namespace std::chrono_literals;
  const Interval any{day_start(0001y / 1 / 1), day_start(9999y / 12 / 31)};
  std::set<Day> days;
  std::map<std::string, Error> unreadable;
  for (const FeedPartition& partition : catalog.partitions())
    list_days(catalog, engine, partition, any, days, unreadable);
  std::vector<std::string> nearest;
  const auto name = [&](Day found) {
    const bool inside = day_start(found) >= range.begin && day_start(found) < range.end;
    nearest.push_back(to_string(found) + (inside ? "" : " (outside feed_start..feed_end)"));
  };
  const auto after = days.lower_bound(day);
  if (after != days.begin()) name(*std::prev(after));
  if (after != days.end()) name(*after);
  if (nearest.empty()) return "no day of the feed has rows";
  return fmt::format("the nearest {} with rows {} {}", nearest.size() == 1 ? "day" : "days",
                     nearest.size() == 1 ? "is" : "are", fmt::join(nearest, " and "));
}

void check_in_range(const std::optional<Day>& day, const std::string& what, const Interval& range) {
  if (!day || (day_start(*day) >= range.begin && day_start(*day) < range.end)) return;
  throw Error(
      ErrorKind::kConfig,
      fmt::format("{} {} lies outside feed_start..feed_end ({} to {})", what, to_string(*day),
                  to_string(day_of(range.begin)), to_string(day_of(range.end - 1))),
      "choose another day, or widen feed_start and feed_end in training/runtime.yaml");
}

Interval wanted_interval(const Runtime& runtime, const SkeletonOptions& options) {
  const Interval range = feed_range(runtime);
  check_in_range(options.target_date, "the target day", range);
  check_in_range(options.from, "--from", range);
  check_in_range(options.to, "--to", range);
  Interval wanted = range;
  if (options.from) wanted.begin = day_start(*options.from);
  if (options.to) wanted.end = day_start(*options.to) + kMicrosPerDay;
  if (options.target_date)
    wanted = {day_start(*options.target_date), day_start(*options.target_date) + kMicrosPerDay};
  return wanted;
}

DayReport unlisted_report(const std::string& path, const Error& error) {
  DayReport report;
  report.day = path;
  report.error = error.what();
  report.error_kind = error.kind();
  return report;
}

}  // namespace

TargetDays find_target_days(const Catalog& catalog, const SkeletonOptions& options) {
  const Config& config = catalog.config();
  const Interval wanted = wanted_interval(config.runtime, options);
  Engine engine(engine_settings(config), catalog.feed().lance_description());
  std::set<Day> days;
  std::map<std::string, Error> unreadable;
  for (const FeedPartition& partition : catalog.partitions_in(wanted)) {
    list_days(catalog, engine, partition, wanted, days, unreadable);
  }
  if (options.wants) std::erase_if(days, [&](Day day) { return !options.wants(day); });
  TargetDays found{{days.begin(), days.end()}, {}};
  // A day that needs the unreadable file fails by itself; a file none of whose partition's days is
  // known is one failed day.
  for (const auto& [path, error] : unreadable) {
    if (options.target_date) {
      if (days.empty()) throw Error(error);
      continue;
    }
    found.unlisted.push_back(unlisted_report(path, error));
  }
  if (found.days.empty() && found.unlisted.empty()) {
    throw Error(
        ErrorKind::kInput,
        fmt::format("the feed has no row on {}",
                    options.target_date ? to_string(*options.target_date) : "any wanted day"),
        nearest_days(catalog, engine, feed_range(config.runtime), day_of(wanted.begin)));
  }
  return found;
}

}  // namespace daedalus
