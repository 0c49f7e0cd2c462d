#include "run/target_days.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "catalog/day_grid.h"
#include "engine/quote.h"
#include "engine/reading_fault.h"
#include "plan/plan.h"

namespace daedalus {
namespace {

// No day after the year 9999 has a name.
constexpr Day kNoDay{std::chrono::year(10000) / 1 / 1};

// The newest day with rows; kNoDay where a file that may hold it can't be read.
std::optional<Day> newest_day(const Catalog& catalog, Engine& engine) {
  const auto& partitions = catalog.partitions();
  for (auto partition = partitions.rbegin(); partition != partitions.rend(); ++partition) {
    try {
      const auto rows = engine.query(fmt::format("SELECT epoch_us(max({})) FROM ({})",
                                                 quote_identifier(catalog.config().feed.keys.time),
                                                 catalog.select_feed({*partition})));
      if (rows.at(0).at(0)) return catalog.day_zone().day_of(std::stoll(*rows.at(0).at(0)));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
      return partition->interval == kAlways
                 ? kNoDay
                 : catalog.day_zone().day_of(partition->interval.end - 1);
    }
  }
  return std::nullopt;
}

// The first day after feed_end where that is `latest`.
Day end_of_newest_month(const Catalog& catalog, Engine& engine) {
  const std::optional<Day> newest = newest_day(catalog, engine);
  if (!newest) {
    throw Error(ErrorKind::kInput,
                "no partition of the feed has rows, so `feed_end: latest` names no month",
                "check source.path in catalog/feed.yaml, or write feed_end as YYYYMM");
  }
  if (*newest >= kNoDay) return kNoDay;
  const std::chrono::year_month_day date(*newest);
  return Day((date.year() / date.month() + std::chrono::months(1)) / 1);
}

// feed_start..feed_end. Where that is `latest`, no row is newer, and its month has only to be known
// to judge the days that `options` name.
DayRange feed_range(const Catalog& catalog, Engine& engine, const SkeletonOptions& options) {
  const Runtime& runtime = catalog.config().runtime;
  const Day begin = first_day(runtime.feed_start);
  if (!runtime.feed_end_latest) return {begin, end_day(runtime.feed_end)};
  const bool names_days = options.target_date || options.from || options.to;
  return {begin, names_days ? end_of_newest_month(catalog, engine) : kNoDay};
}

// Days with rows in `interval`, per dataset, so that one that can't be read hides no other's days.
void list_days(const Catalog& catalog, Engine& engine, const FeedPartition& partition,
               const Interval& interval, std::set<Day>& days,
               std::map<std::string, Error>& unreadable) {
  const DayGrid grid(catalog.day_zone(), interval);
  for (const Dataset& dataset : partition.datasets) {
    try {
      const std::string time = quote_identifier(catalog.config().feed.keys.time);
      const std::string feed = catalog.select_feed({partition.with({dataset})});
      for (const auto& row : engine.query(fmt::format("SELECT DISTINCT {} FROM ({}) WHERE {}",
                                                      grid.bucket(time), feed, grid.holds(time)))) {
        days.insert(grid.day_of(std::stoll(row.at(0).value())));
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
std::string nearest_days(const Catalog& catalog, Engine& engine, const DayRange& range, Day day) {
  std::set<Day> days;
  std::map<std::string, Error> unreadable;
  for (const FeedPartition& partition : catalog.partitions())
    list_days(catalog, engine, partition, kAlways, days, unreadable);
  std::vector<std::string> nearest;
  const auto name = [&](Day found) {
    nearest.push_back(to_string(found) +
                      (range.holds(found) ? "" : " (outside feed_start..feed_end)"));
  };
  const auto after = days.lower_bound(day);
  if (after != days.begin()) name(*std::prev(after));
  if (after != days.end()) name(*after);
  if (nearest.empty()) return "no day of the feed has rows";
  return fmt::format("the nearest {} with rows {} {}", nearest.size() == 1 ? "day" : "days",
                     nearest.size() == 1 ? "is" : "are", fmt::join(nearest, " and "));
}

void check_in_range(const std::optional<Day>& day, const std::string& what, const DayRange& range) {
  if (!day || range.holds(*day)) return;
  throw Error(
      ErrorKind::kConfig,
      fmt::format("{} {} lies outside feed_start..feed_end ({} to {})", what, to_string(*day),
                  to_string(range.begin), to_string(range.end - std::chrono::days(1))),
      "choose another day, or widen feed_start and feed_end in training/runtime.yaml");
}

DayRange wanted_days(const DayRange& range, const SkeletonOptions& options) {
  check_in_range(options.target_date, "the target day", range);
  check_in_range(options.from, "--from", range);
  check_in_range(options.to, "--to", range);
  DayRange wanted = range;
  if (options.from) wanted.begin = *options.from;
  if (options.to) wanted.end = *options.to + std::chrono::days(1);
  if (options.target_date)
    wanted = {*options.target_date, *options.target_date + std::chrono::days(1)};
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
  Engine engine(engine_settings(config), catalog.feed().lance_description());
  const DayRange range = feed_range(catalog, engine, options);
  const DayRange wanted_range = wanted_days(range, options);
  const Interval wanted{catalog.day_zone().start_of(wanted_range.begin),
                        catalog.day_zone().start_of(wanted_range.end)};
  std::set<Day> days;
  std::map<std::string, Error> unreadable;
  for (const FeedPartition& partition : catalog.partitions_in(wanted)) {
    list_days(catalog, engine, partition, wanted, days, unreadable);
  }
  if (options.wants) std::erase_if(days, [&](Day day) { return !options.wants(day); });
  TargetDays found{{days.begin(), days.end()}, {}, range};
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
        nearest_days(catalog, engine, range, wanted_range.begin));
  }
  return found;
}

}  // namespace daedalus
