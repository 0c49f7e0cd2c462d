// Finds the days of instants in SQL, where days are of a time zone.
#pragma once

#include <cstdint>
#include <string>

#include "base/time_zone.h"

namespace daedalus {

/// Buckets of time, each within one day: as wide as the zone's days allow, a whole day in UTC. SQL
/// groups rows by bucket, and there are few of them to find the days of.
class DayGrid {
 public:
  /// For instants in `interval`, of the years 1 to 9999: other days have no name.
  DayGrid(TimeZone zone, const Interval& interval);

  /// SQL: whether the instant `time` is one of those.
  [[nodiscard]] std::string holds(const std::string& time) const;
  /// SQL: the bucket of such an instant, a BIGINT.
  [[nodiscard]] std::string bucket(const std::string& time) const;
  [[nodiscard]] Day day_of(std::int64_t bucket) const {
    return zone_.day_of(origin_ + bucket * width_);
  }

 private:
  TimeZone zone_;
  Interval interval_;
  Micros origin_;
  Micros width_;
};

}  // namespace daedalus
