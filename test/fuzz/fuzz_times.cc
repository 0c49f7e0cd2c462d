#include <algorithm>
#include <cstring>
#include <map>

#include "base/day.h"
#include "config/reader.h"
#include "fuzz_target.h"

namespace daedalus::fuzz {
namespace {

using config::Node;
__extension__ typedef __int128 Wide;  // NOLINT(modernize-use-using): __extension__ needs it

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// The number that `digits` spell; a very large one for too many of them.
Wide number(std::string_view digits) {
  constexpr Wide kEnough = Wide{1} << 100;
  Wide value = 0;
  for (const char digit : digits) value = std::min(kEnough, value * 10 + (digit - '0'));
  return value;
}

// 'Durations are a positive integer and one of s m h d', of at most 365,000 days.
std::optional<std::int64_t> expected_duration(std::string_view text) {
  static const std::map<char, std::int64_t> kSeconds{
      {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
  if (text.empty()) return std::nullopt;
  const auto unit = kSeconds.find(text.back());
  const std::string_view digits = text.substr(0, text.size() - 1);
  if (unit == kSeconds.end() || !is_digits(digits) || digits[0] == '0') return std::nullopt;
  const Wide seconds = number(digits) * unit->second;
  if (seconds > Wide{365'000} * 86'400) return std::nullopt;
  return static_cast<std::int64_t>(seconds * 1'000'000);
}

bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in(int year, int month) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Days from 1970-01-01 to the first of a month, counted one month at a time.
int days_to(int year, int month) {
  int days = 0;
  for (int y = 1970; y < year; ++y) days += is_leap(y) ? 366 : 365;
  for (int y = year; y < 1970; ++y) days -= is_leap(y) ? 366 : 365;
  for (int m = 1; m < month; ++m) days += days_in(year, m);
  return days;
}

std::optional<int> expected_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::string_view year = text.substr(0, 4);
  const std::string_view month = text.substr(5, 2);
  const std::string_view day = text.substr(8, 2);
  if (!is_digits(year) || !is_digits(month) || !is_digits(day)) return std::nullopt;
  const auto y = static_cast<int>(number(year));
  const auto m = static_cast<int>(number(month));
  const auto d = static_cast<int>(number(day));
  if (m < 1 || m > 12 || d < 1 || d > days_in(y, m)) return std::nullopt;
  return days_to(y, m) + d - 1;
}

void check_months(std::string_view text, const std::optional<YearMonth>& read) {
  const bool is_month = text.size() == 6 && is_digits(text) && text.substr(0, 4) != "0000" &&
                        number(text.substr(4)) >= 1 && number(text.substr(4)) <= 12;
  require(read.has_value() == is_month, "a month is read wrongly");
  if (!read) return;
  const auto year = static_cast<int>(number(text.substr(0, 4)));
  const auto month = static_cast<int>(number(text.substr(4)));
  const int first = days_to(year, month);
  require(first_day(*read).time_since_epoch().count() == first, "a month's first day");
  require(end_day(*read).time_since_epoch().count() == first + days_in(year, month),
          "the day after a month");
}

void check_instant(Micros instant) {
  Wide day = Wide{instant} / kMicrosPerDay;
  if (instant < 0 && Wide{instant} % kMicrosPerDay != 0) --day;
  require(day_of(instant).time_since_epoch().count() == day, "the day of an instant");
}

}  // namespace

void times(std::string_view bytes) {
  const std::string text(bytes);
  for (const bool quoted : {false, true}) {
    const Node node{.kind = Node::Kind::kScalar, .quoted = quoted, .text = text};
    config::Problems problems;
    const config::Value value(node, "key", problems);
    const std::optional<Duration> duration = value.duration();
    const std::optional<std::int64_t> expected = expected_duration(text);
    require(duration.has_value() == expected.has_value(), "a duration is read wrongly");
    require(!duration || (duration->micros == *expected && duration->text == text),
            "another duration than the text says");
    require(problems.empty() == expected.has_value(), "a duration is refused without a word");
    check_months(text, value.year_month());
  }
  const std::optional<Day> day = parse_day(text);
  const std::optional<int> expected = expected_day(text);
  require(day.has_value() == expected.has_value(), "a day is read wrongly");
  require(!day || day->time_since_epoch().count() == *expected, "another day than the text says");
  require(!day || to_string(*day) == text, "a day is written in another way");
  if (bytes.size() != sizeof(Micros)) return;
  Micros instant = 0;
  std::memcpy(&instant, bytes.data(), sizeof instant);
  check_instant(instant);
}

}  // namespace daedalus::fuzz
