#include "config/strptime_format.h"

#include <string_view>

namespace daedalus::config {
namespace {

// What DuckDB 1.5 knows after `%`, and after `%-`, which allows one digit.
constexpr std::string_view kSpecifiers = "aAbBcdfgGhHIjmMnpSTuUVwWxXyYzZ%";
constexpr std::string_view kShortSpecifiers = "dmyHIMSj";

bool is_one_of(char c, std::string_view chars) { return chars.find(c) != std::string_view::npos; }

// Names the parts of a date that are missing, of those that a format has.
std::string missing_parts(bool year, bool month, bool day) {
  std::string missing;
  const auto add = [&missing](const char* part) {
    missing += (missing.empty() ? "" : " and ") + std::string(part);
  };
  if (!year) add("year");
  if (!month) add("month");
  if (!day) add("day");
  return missing;
}

}  // namespace

std::optional<FormatFault> strptime_fault(const std::string& format) {
  bool year = false;
  bool month = false;
  bool day = false;
  for (std::size_t at = 0; (at = format.find('%', at)) != std::string::npos; ++at) {
    const std::size_t start = at++;
    const bool is_short = at < format.size() && format[at] == '-';
    if (is_short) ++at;
    if (at == format.size())
      return FormatFault{"the format ends within a specifier", "write %% for a percent sign"};
    const char specifier = format[at];
    if (!is_one_of(specifier, is_short ? kShortSpecifiers : kSpecifiers)) {
      return FormatFault{
          "strptime has no specifier " + format.substr(start, at + 1 - start),
          "write for example %Y, %m, %d, %H, %M, %S, %f (a fraction) or %z (an offset)"};
    }
    year = year || is_one_of(specifier, "Yycx");
    month = month || is_one_of(specifier, "mbBhcxj");  // %j is the day of the year
    day = day || is_one_of(specifier, "dcxj");
  }
  const std::string missing = missing_parts(year, month, day);
  if (missing.empty()) return std::nullopt;
  return FormatFault{"the format gives no " + missing,
                     "add it, such as %Y, %m and %d: a time needs its whole date"};
}

}  // namespace daedalus::config
