#include "catalog/day_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace daedalus {

DayGrid::DayGrid(TimeZone zone, const Interval& interval) : zone_(std::move(zone)) {
  using namespace std::chrono_literals;
  interval_ = {std::max(interval.begin, zone_.start_of(1y / 1 / 1)),
               std::min(interval.end, zone_.start_of(10000y / 1 / 1))};
  origin_ = zone_.start_of(zone_.day_of(interval_.begin));
  width_ = zone_.day_grid({origin_, interval_.end});
}

std::string DayGrid::holds(const std::string& time) const {
  return fmt::format("{0} >= {1} AND {0} < {2}", time, sql_timestamp(interval_.begin),
                     sql_timestamp(interval_.end));
}

std::string DayGrid::bucket(const std::string& time) const {
  return fmt::format("(epoch_us({}) - {}::BIGINT) // {}::BIGINT", time, origin_, width_);
}

}  // namespace daedalus
