// list_standings(): what is published of the target days, and what runs said of the others.
#include "daedalus/status.h"

#include <algorithm>
#include <map>
#include <set>
#include <system_error>

#include "run/last_run.h"
#include "run/manifest.h"
#include "run/staleness.h"
#include "run/target_days.h"

namespace daedalus {
namespace {

DayState state_of(const std::vector<StaleReason>& reasons, bool failed) {
  if (reasons.empty()) return DayState::kPublished;
  if (failed) return DayState::kFailed;
  return reasons.front().cause == StaleReason::Cause::kMissing ? DayState::kMissing
                                                               : DayState::kStale;
}

// The target days; where a file that can't be read hides some, also the days of the range that are
// published.
std::set<Day> days_to_tell(const Config& config, const TargetDays& target) {
  std::set<Day> days(target.days.begin(), target.days.end());
  if (target.unlisted.empty()) return days;
  constexpr std::string_view kPrefix = "dt=";
  std::error_code ignored;
  for (std::filesystem::directory_iterator at(config.runtime.output_root, ignored), end; at != end;
       at.increment(ignored)) {
    const std::string name = at->path().filename().string();
    if (!name.starts_with(kPrefix)) continue;
    const std::optional<Day> day = parse_day(name.substr(kPrefix.size()));
    if (day && target.range.holds(*day)) days.insert(*day);
  }
  return days;
}

}  // namespace

std::string_view to_string(DayState state) {
  switch (state) {
    case DayState::kPublished:
      return "published";
    case DayState::kStale:
      return "stale";
    case DayState::kFailed:
      return "failed";
    case DayState::kMissing:
      break;
  }
  return "missing";
}

std::vector<DayStanding> list_standings(const Config& config,
                                        const std::filesystem::path& sql_dir) {
  const Catalog catalog(config, MissingSources::kRefuse);
  const Recipe recipe = recipe_of(catalog, SqlLibrary(config.feed.keys, sql_dir));
  const TargetDays target = find_target_days(catalog, {});
  const std::optional<LastRun> last_run = read_last_run(config.runtime.output_root);
  std::map<std::string, DayReport> failed;
  if (last_run) failed = failures_of(*last_run);
  std::vector<DayStanding> standings;
  for (const DayReport& file : target.unlisted) {
    standings.push_back({.day = file.day,
                         .state = DayState::kFailed,
                         .error = file.error,
                         .error_kind = file.error_kind});
  }
  for (const Day day : days_to_tell(config, target)) {
    PublishedDay published =
        look_at_published(config.runtime.output_root, day, recipe, input_files(catalog, day));
    DayStanding standing{
        .day = to_string(day), .rows = published.report.rows_out, .bytes = published.report.bytes};
    const auto failure = failed.find(standing.day);
    standing.state = state_of(published.reasons, failure != failed.end());
    standing.reasons = std::move(published.reasons);
    if (standing.state == DayState::kFailed) {
      standing.error = failure->second.error;
      standing.error_kind = failure->second.error_kind;
    }
    standings.push_back(std::move(standing));
  }
  std::ranges::stable_sort(standings, {}, &DayStanding::day);
  return standings;
}

}  // namespace daedalus
