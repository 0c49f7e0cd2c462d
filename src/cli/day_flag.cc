#include "cli/day_flag.h"

#include "base/day.h"
#include "daedalus/error.h"

namespace daedalus::cli {

std::optional<Day> read_day(const std::string& flag, const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  const std::optional<Day> day = parse_day(*text);
  if (!day) {
    throw Error(ErrorKind::kConfig, flag + ": '" + *text + "' is not a date",
                "write a day of the calendar as YYYY-MM-DD");
  }
  return day;
}

}  // namespace daedalus::cli
