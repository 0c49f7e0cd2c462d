// Which types hold a text's value; see text_shape.h.
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "base/text_shape.h"

namespace daedalus {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads text from its front; each method says whether it was there.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] char front() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool take(char c) {
    if (front() != c || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  // As many digits as there are.
  std::string_view digits() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
    const auto size = static_cast<std::size_t>(end - rest_.begin());
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  // Exactly `count` digits as a number.
  bool number(std::size_t count, int& value) {
    if (rest_.size() < count || !std::all_of(rest_.begin(), rest_.begin() + count, is_digit))
      return false;
    std::from_chars(rest_.data(), rest_.data() + count, value);
    rest_.remove_prefix(count);
    return true;
  }

 private:
  std::string_view rest_;
};

// A decimal number: digits, without zeros at their ends, times a power of ten.
struct Decimal {
  std::string digits;
  long exponent = 0;
  bool operator==(const Decimal&) const = default;
};

Decimal decimal_of(std::string_view whole, std::string_view fraction, long exponent) {
  Decimal decimal{std::string(whole) + std::string(fraction),
                  exponent - static_cast<long>(fraction.size())};
  decimal.digits.erase(0, std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size()));
  while (decimal.digits.ends_with('0')) {
    decimal.digits.pop_back();
    ++decimal.exponent;
  }
  if (decimal.digits.empty()) decimal.exponent = 0;
  return decimal;
}

struct Number {
  Decimal value;
  bool is_integer = false;  // neither a point nor an exponent
};

// A number without leading zeros, in JSON's form.
std::optional<Number> parse_number(std::string_view text) {
  Cursor cursor(text);
  cursor.take('-');
  const std::string_view whole = cursor.digits();
  if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) return {};
  std::string_view fraction;
  long exponent = 0;
  bool is_integer = true;
  if (cursor.take('.')) {
    is_integer = false;
    fraction = cursor.digits();
    if (fraction.empty()) return {};
  }
  if (cursor.front() == 'e' || cursor.front() == 'E') {
    is_integer = false;
    cursor.take(cursor.front());
    const bool negative = cursor.take('-');
    if (!negative) cursor.take('+');
    const std::string_view digits = cursor.digits();
    if (digits.empty() || digits.size() > 6) return {};
    std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (negative) exponent = -exponent;
  }
  if (!cursor.at_end()) return {};
  return Number{decimal_of(whole, fraction, exponent), is_integer};
}

bool double_has_value(std::string_view text, const Decimal& written) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return false;
  // The shortest decimal that makes this double, such as -1.27e+01.
  std::array<char, 40> buffer{};
  const auto shortest = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                      std::chars_format::scientific);
  const auto parsed = parse_number({buffer.data(), shortest.ptr});
  return parsed && parsed->value == written;
}

std::uint8_t types_of_number(std::string_view text) {
  const std::optional<Number> number = parse_number(text);
  if (!number) return 0;
  std::uint8_t types = 0;
  if (number->is_integer) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return 0;  // more than 64 bits
    if (text != "-0") types |= kTextBigint;
    // Not beyond 2^62, where the double might round to what no BIGINT holds.
    constexpr std::int64_t kMost = std::int64_t{1} << 62;
    const bool exact = value > -kMost && value < kMost &&
                       static_cast<std::int64_t>(static_cast<double>(value)) == value;
    if (exact || double_has_value(text, number->value)) types |= kTextDouble;
    return types;
  }
  return double_has_value(text, number->value) ? kTextDouble : 0;
}

bool is_boolean(std::string_view text) {
  const auto same = [&](std::string_view word) {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                      [](char a, char b) { return (a | 0x20) == b; });
  };
  return same("true") || same("false");
}

// `[ ][Z|UTC|±HH[:MM]|±HHMM]`, at the end of a time.
bool parse_zone(Cursor& cursor, IsoTime& time) {
  if (cursor.at_end()) return true;
  cursor.take(' ');
  time.is_zoned = true;
  if (cursor.take('Z') || cursor.take(std::string_view("UTC"))) return cursor.at_end();
  const bool west = cursor.front() == '-';
  if (!cursor.take('+') && !cursor.take('-')) return false;
  int hours = 0;
  int minutes = 0;
  if (!cursor.number(2, hours)) return false;
  const bool has_minutes = !cursor.at_end();
  if (has_minutes) {
    cursor.take(':');
    if (!cursor.number(2, minutes)) return false;
  }
  if (!cursor.at_end() || hours > 23 || minutes > 59) return false;
  const std::int64_t offset = (hours * 60 + minutes) * std::int64_t{60'000'000};
  time.micros += west ? offset : -offset;
  return true;
}

}  // namespace

std::optional<IsoTime> parse_iso_time(std::string_view text) {
  Cursor cursor(text);
  int year = 0;
  int month = 0;
  int day = 0;
  if (!cursor.number(4, year) || !cursor.take('-') || !cursor.number(2, month) ||
      !cursor.take('-') || !cursor.number(2, day))
    return {};
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(year), std::chrono::month(month),
                            std::chrono::day(day)};
  if (!date.ok() || year == 0) return {};
  IsoTime time{duration_cast<microseconds>(sys_days(date).time_since_epoch()).count()};
  if (cursor.at_end()) {
    time.is_date = true;
    return time;
  }
  if (!cursor.take('T') && !cursor.take(' ')) return {};
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!cursor.number(2, hour) || !cursor.take(':') || !cursor.number(2, minute)) return {};
  std::int64_t fraction = 0;
  if (cursor.take(':')) {
    if (!cursor.number(2, second)) return {};
    if (cursor.take('.')) {
      const std::string_view digits = cursor.digits();
      if (digits.empty() || digits.size() > 9) return {};
      std::string micros(digits.substr(0, 6));
      micros.resize(6, '0');
      std::from_chars(micros.data(), micros.data() + micros.size(), fraction);
    }
  }
  if (hour > 23 || minute > 59 || second > 59) return {};
  time.micros += ((hour * 60 + minute) * std::int64_t{60} + second) * 1'000'000 + fraction;
  if (!parse_zone(cursor, time)) return {};
  return time;
}

std::uint8_t types_of_json_number(std::string_view text) { return types_of_number(text); }

std::uint8_t types_of_json_string(std::string_view text) {
  const std::optional<IsoTime> time = parse_iso_time(text);
  if (!time) return 0;
  return time->is_date ? kTextDate | kTextTimestamp : kTextTimestamp;
}

std::uint8_t types_of_text(std::string_view text) {
  if (text.empty()) return 0;
  if (is_digit(text.front()) || text.front() == '-') {
    const std::uint8_t number = types_of_number(text);
    return number != 0 ? number : types_of_json_string(text);
  }
  return is_boolean(text) ? kTextBoolean : 0;
}

}  // namespace daedalus
