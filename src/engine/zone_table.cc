#include "engine/zone_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <mutex>

#include "engine/quote.h"

namespace daedalus {
namespace {

constexpr Micros kSecond = 1'000'000;

// Before this year no zone had more than one offset.
constexpr int kFirstYear = 1800;

// How far apart offsets are looked at: none held for less than 3.98 days (Freetown, 1939).
constexpr int kStepDays = 3;

// A change of the offset, known to lie in (`before`, `after`].
struct Change {
  Micros before;
  Micros after;
  Micros old_offset;
  Micros new_offset;
};

// The offset at the instant `t`, as SQL.
std::string offset_sql(const std::string& zone) {
  return fmt::format("epoch_us(timezone({}, make_timestamptz(t))) - t", quote_text(zone));
}

std::vector<Change> find_changes(Engine& engine, const std::string& zone) {
  const Day first{std::chrono::year(kFirstYear) / 1 / 1};
  const Day last{std::chrono::year(TimeZone::kTableEndYear) / 1 / 1};
  std::vector<Change> changes;
  for (const auto& row : engine.query(fmt::format(
           "SELECT before, t, old, new FROM (SELECT t, new, lag(t) OVER (ORDER BY t) AS before, "
           "lag(new) OVER (ORDER BY t) AS old FROM (SELECT t, {} AS new FROM range({}, {}, {}) "
           "r(t)))"
           " WHERE before IS NULL OR old <> new ORDER BY t",
           offset_sql(zone), day_start(first), day_start(last) + 1, kStepDays * kMicrosPerDay))) {
    const Micros at = std::stoll(row.at(1).value());
    const Micros offset = std::stoll(row.at(3).value());
    changes.push_back({row.at(0) ? std::stoll(*row.at(0)) : at, at,
                       row.at(2) ? std::stoll(*row.at(2)) : offset, offset});
  }
  return changes;
}

// Halves the time in which each change is known to lie; whether some is not known to the second.
bool halve(Engine& engine, const std::string& zone, std::vector<Change>& changes) {
  std::vector<Change*> open;
  std::vector<Micros> middles;
  for (Change& change : changes) {
    const Micros seconds = (change.after - change.before) / kSecond;
    if (seconds <= 1) continue;
    open.push_back(&change);
    middles.push_back(change.before + seconds / 2 * kSecond);
  }
  if (open.empty()) return false;
  const auto rows = engine.query(
      fmt::format("SELECT {} FROM (SELECT unnest([{}]::BIGINT[]) AS t, unnest(range({})) AS i) "
                  "ORDER BY i",
                  offset_sql(zone), fmt::join(middles, ", "), middles.size()));
  for (std::size_t i = 0; i < open.size(); ++i) {
    const bool is_old = std::stoll(rows.at(i).at(0).value()) == open[i]->old_offset;
    (is_old ? open[i]->before : open[i]->after) = middles[i];
  }
  return true;
}

TimeZone make_zone(Engine& engine, const std::string& name) {
  std::vector<Change> changes = find_changes(engine, name);
  while (halve(engine, name, changes)) {
  }
  std::vector<TimeZone::Period> periods;
  for (const Change& change : changes) periods.push_back({change.after, change.new_offset});
  return TimeZone(std::move(periods));
}

}  // namespace

TimeZone time_zone(Engine& engine, const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, TimeZone> known{{"UTC", TimeZone()}};
  const std::scoped_lock lock(mutex);
  auto found = known.find(name);
  if (found == known.end()) found = known.emplace(name, make_zone(engine, name)).first;
  return found->second;
}

}  // namespace daedalus
