// Days and instants in UTC, as the spine and the partitions count them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace daedalus {

/// A UTC calendar day.
using Day = std::chrono::sys_days;

/// Microseconds since 1970-01-01 00:00:00 UTC.
using Micros = std::int64_t;

inline constexpr Micros kMicrosPerDay = 86'400'000'000;

/// A half-open interval of time [begin, end), in microseconds.
struct Interval {
  Micros begin = 0;
  Micros end = 0;
  bool operator==(const Interval&) const = default;
  [[nodiscard]] bool overlaps(const Interval& other) const {
    return begin < other.end && other.begin < end;
  }
};

/// Reads "YYYY-MM-DD"; absent when `text` is not a real date in that form.
std::optional<Day> parse_day(std::string_view text);

/// "YYYY-MM-DD".
std::string to_string(Day day);

/// The first instant of `day`.
inline Micros day_start(Day day) { return day.time_since_epoch().count() * kMicrosPerDay; }

/// The UTC day that holds `instant`.
Day day_of(Micros instant);

/// The first day of the month `year * 100 + month`.
Day first_day(std::int32_t year_month);

/// The first day after the month `year * 100 + month`.
Day end_day(std::int32_t year_month);

/// `instant` as an SQL TIMESTAMP literal, exact to the microsecond.
std::string sql_timestamp(Micros instant);

}  // namespace daedalus
