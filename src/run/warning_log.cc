#include "run/warning_log.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

namespace daedalus {
namespace {

constexpr std::size_t kSaidBefore = std::numeric_limits<std::size_t>::max();

}  // namespace

std::string line_of(const Warning& warning) {
  return fmt::format("{}: {}", warning.name, warning.text);
}

std::vector<Warning> WarningLog::take(const std::string& day, const std::vector<Warning>& found) {
  std::vector<Warning> kept;
  std::vector<std::string> errors;
  std::set<std::string> error_names;
  const std::lock_guard lock(mutex_);
  for (const Warning& warning : found) {
    const WarningPolicy policy = runtime_.policy_of(warning.name);
    if (policy == WarningPolicy::kIgnore) continue;
    if (policy == WarningPolicy::kError) {
      errors.push_back(line_of(warning));
      error_names.insert(warning.name);
      continue;
    }
    kept.push_back(warning);
    kept.back().days = {day};
    say(kept.back());
  }
  if (!errors.empty()) {
    throw Error(
        ErrorKind::kDataCheck, fmt::format("{}", fmt::join(errors, "\n")),
        fmt::format("mend it, or let the day be published with it: warnings: {{{}: warn}} in "
                    "training/runtime.yaml",
                    fmt::join(error_names, ": warn, ")));
  }
  return kept;
}

// With mutex_ held.
void WarningLog::say(const Warning& warning) {
  const std::string& day = warning.days.front();
  const auto [place, is_new] = places_.try_emplace({warning.name, warning.subject}, said_.size());
  if (!is_new) {
    if (place->second == kSaidBefore) return;
    std::vector<std::string>& days = said_[place->second].days;
    if (std::ranges::find(days, day) == days.end()) days.push_back(day);
    return;
  }
  // It holds as long as the configuration does: every night it would be the same.
  if (warning.name == "newer-features" && said_before_ && said_before_(warning.name)) {
    place->second = kSaidBefore;
    return;
  }
  said_.push_back(warning);
  // What was counted is the day's; the rest holds for the configuration and its sources.
  observer_.warning(warning.counts.empty() ? line_of(warning)
                                           : fmt::format("{} ({})", line_of(warning), day));
}

std::vector<Warning> WarningLog::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<Warning> all = said_;
  for (Warning& warning : all) std::ranges::sort(warning.days);
  return all;
}

}  // namespace daedalus
