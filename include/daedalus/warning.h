// What a run says of its configuration and data that stops nothing, unless `warnings` of
// runtime.yaml makes it an error.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace daedalus {

/// The names of all warnings: the keys of `warnings`.
inline constexpr std::array<std::string_view, 9> kWarningNames{
    "unknown-event",  "absent-passthrough", "empty-join",
    "newer-features", "missing-partition",  "misplaced-rows",
    "null-times",     "unused-aggregation", "unknown-codes"};

/// Something that is seldom meant: a name that nothing has, rows that are never used.
struct Warning {
  std::string name;  ///< One of kWarningNames.
  std::string
      subject;  ///< What it is about, e.g. an event or "view x"; empty: the feed as a whole.
  /// What was counted, by name; empty where the warning holds whatever the rows are.
  std::vector<std::pair<std::string, std::int64_t>> counts;
  std::string text;               ///< For a person.
  std::vector<std::string> days;  ///< Of the run, "YYYY-MM-DD", in order; empty in a check.
};

}  // namespace daedalus
