#include "base/day.h"

#include <fmt/format.h>

#include <charconv>

namespace daedalus {
namespace {

std::optional<int> digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.front() == '-')
    return std::nullopt;
  return value;
}

}  // namespace

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Day{date};
}

std::string to_string(Day day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

Day day_of(Micros instant) {
  return std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(instant)));
}

Day first_day(std::int32_t year_month) {
  return Day(std::chrono::year(year_month / 100) /
             std::chrono::month(static_cast<unsigned>(year_month % 100)) / 1);
}

Day end_day(std::int32_t year_month) {
  const std::chrono::year_month_day date(first_day(year_month));
  return Day((date.year() / date.month() + std::chrono::months(1)) / 1);
}

std::string sql_timestamp(Micros instant) {
  return fmt::format("make_timestamp({}::BIGINT)", instant);
}

}  // namespace daedalus
