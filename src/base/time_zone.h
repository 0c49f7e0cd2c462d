// Days, hours and instants of one time zone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/day.h"

namespace daedalus {

/// A time zone as a table of its offsets. A day of it begins at the first instant whose local date
/// is that day or later; so days follow one another without gaps, last 23 or 25 hours where clocks
/// change, and no time at all where the zone skips them. Cheap to copy.
class TimeZone {
 public:
  /// The offset of local time from UTC, from an instant on until the next period.
  struct Period {
    Micros begin;
    Micros offset;
    bool operator==(const Period&) const = default;
  };

  /// UTC.
  TimeZone() : TimeZone({{0, 0}}) {}
  /// `periods`, in order of time and not empty, hold until kTableEnd; the first also for all time
  /// before it. What follows the table repeats its last 400 years, as the calendar does.
  explicit TimeZone(std::vector<Period> periods);

  /// The year at whose beginning, in UTC, the table ends.
  static constexpr int kTableEndYear = 2500;

  [[nodiscard]] const std::vector<Period>& periods() const { return *periods_; }

  /// What the clocks show at `instant`, as microseconds since 1970-01-01 00:00:00 on them.
  [[nodiscard]] Micros local(Micros instant) const;
  /// The first instant at which the clocks show `local` or more.
  [[nodiscard]] Micros first_instant_at(Micros local) const;

  /// The first instant of `day`.
  [[nodiscard]] Micros start_of(Day day) const;
  /// The time of `day`; it is empty where the zone skips it.
  [[nodiscard]] Interval interval_of(Day day) const {
    return {start_of(day), start_of(day + kOne)};
  }
  /// The day that holds `instant`.
  [[nodiscard]] Day day_of(Micros instant) const;
  /// When in `day` the clocks show the hour from `hour`:00 to `hour`:59, in order of time. Several
  /// times where clocks go back by more than an hour, never where they leave the hour out.
  [[nodiscard]] std::vector<Interval> hour_of(Day day, int hour) const;

  /// The greatest length of which, counted from `interval.begin`, every day in `interval` begins at
  /// a multiple; `interval` begins with a day.
  [[nodiscard]] Micros day_grid(const Interval& interval) const;

 private:
  static constexpr std::chrono::days kOne{1};

  [[nodiscard]] std::size_t period_at(Micros instant) const;

  std::shared_ptr<const std::vector<Period>> periods_;
};

}  // namespace daedalus
