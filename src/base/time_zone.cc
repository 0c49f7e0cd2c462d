#include "base/time_zone.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace daedalus {
namespace {

constexpr Micros kHour = kMicrosPerDay / 24;

// In 400 years the calendar repeats, the days of the week too.
constexpr Micros kCycle = 146'097 * kMicrosPerDay;

constexpr Micros kTableEnd =
    Day(std::chrono::year(TimeZone::kTableEndYear) / 1 / 1).time_since_epoch().count() *
    kMicrosPerDay;

// No zone is as far from UTC.
constexpr Micros kFarthest = 26 * kHour;

// By how much `time` is to be put back to lie in the table.
Micros cycles_before(Micros time) {
  return time < kTableEnd ? 0 : ((time - kTableEnd) / kCycle + 1) * kCycle;
}

Micros floor_to(Micros time, Micros unit) {
  const Micros rest = time % unit;
  return time - (rest < 0 ? rest + unit : rest);
}

}  // namespace

TimeZone::TimeZone(std::vector<Period> periods)
    : periods_(std::make_shared<const std::vector<Period>>(std::move(periods))) {}

std::size_t TimeZone::period_at(Micros instant) const {
  const auto after = std::ranges::upper_bound(*periods_, instant, {}, &Period::begin);
  return after == periods_->begin() ? 0 : static_cast<std::size_t>(after - periods_->begin() - 1);
}

Micros TimeZone::local(Micros instant) const {
  return instant + (*periods_)[period_at(instant - cycles_before(instant))].offset;
}

Micros TimeZone::first_instant_at(Micros local) const {
  const Micros back = cycles_before(local);
  const Micros wanted = local - back;
  for (std::size_t i = period_at(wanted - kFarthest); i + 1 < periods_->size(); ++i) {
    const Micros reached = i == 0 ? wanted - (*periods_)[i].offset
                                  : std::max(wanted - (*periods_)[i].offset, (*periods_)[i].begin);
    if (reached < (*periods_)[i + 1].begin) return reached + back;
  }
  const Period& last = periods_->back();
  const Micros reached = wanted - last.offset;
  return (periods_->size() == 1 ? reached : std::max(reached, last.begin)) + back;
}

Micros TimeZone::start_of(Day day) const { return first_instant_at(day_start(day)); }

Day TimeZone::day_of(Micros instant) const {
  Day day = daedalus::day_of(local(instant));
  while (start_of(day + kOne) <= instant) day += kOne;  // the clocks went back to the day before
  return day;
}

std::vector<Interval> TimeZone::hour_of(Day day, int hour) const {
  const Interval whole = interval_of(day);
  std::vector<Interval> found;
  for (Micros begin = whole.begin; begin < whole.end;) {
    // From `begin` on, as long as the offset stays.
    const Micros back = cycles_before(begin);
    const std::size_t period = period_at(begin - back);
    const Micros offset = (*periods_)[period].offset;
    const Micros next = period + 1 < periods_->size() ? (*periods_)[period + 1].begin + back
                                                      : std::numeric_limits<Micros>::max();
    const Micros end = std::min(whole.end, next);
    for (Micros date = floor_to(begin + offset, kMicrosPerDay); date < end + offset;
         date += kMicrosPerDay) {
      const Micros from = std::max(begin, date + hour * kHour - offset);
      const Micros to = std::min(end, date + (hour + 1) * kHour - offset);
      if (from >= to) continue;
      if (!found.empty() && found.back().end == from) {
        found.back().end = to;
      } else {
        found.push_back({from, to});
      }
    }
    begin = end;
  }
  return found;
}

Micros TimeZone::day_grid(const Interval& interval) const {
  Micros grid = kMicrosPerDay;
  const auto add = [&](Micros begin) { grid = std::gcd(grid, begin - interval.begin); };
  for (std::size_t i = 0; i < periods_->size(); ++i) {
    const Period& period = (*periods_)[i];
    const bool last = i + 1 == periods_->size();
    const Micros end = last ? std::numeric_limits<Micros>::max() : (*periods_)[i + 1].begin;
    const bool meets = (i == 0 || period.begin < interval.end) && interval.begin < end;
    const bool repeats = interval.end > kTableEnd && end > kTableEnd - kCycle;
    if (!meets && !repeats) continue;
    add(-period.offset);  // a midnight, and so are all that lie whole days from it
    if (i > 0 && start_of(day_of(period.begin)) == period.begin) add(period.begin);
  }
  return grid;
}

}  // namespace daedalus
