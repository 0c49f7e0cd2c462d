// Days as Python gives them.
#pragma once

#include <string>

#include "base/day.h"
#include "daedalus/error.h"

namespace daedalus::binding {

/// The day that `text`, an argument called `name`, says. Throws Error{kConfig}.
inline Day day_named(const std::string& name, const std::string& text) {
  const std::optional<Day> day = parse_day(text);
  if (day) return *day;
  throw Error(ErrorKind::kConfig, name + ": '" + text + "' is no day", "write YYYY-MM-DD");
}

}  // namespace daedalus::binding
