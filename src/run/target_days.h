// Which days a run computes.
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "daedalus/skeleton.h"

namespace daedalus {

/// Days from `begin` to the one before `end`.
struct DayRange {
  Day begin;
  Day end;

  [[nodiscard]] bool holds(Day day) const { return begin <= day && day < end; }
};

/// The target days of a run, and the files whose days could not be listed.
struct TargetDays {
  std::vector<Day> days;  ///< In order of time.
  std::vector<DayReport>
      unlisted;    ///< One failed entry per partition with an unreadable file and no day known.
  DayRange range;  ///< feed_start..feed_end.
};

/// The days of feed_start..feed_end with at least one row, restricted by `options`. Throws
/// Error{kConfig} for a target date outside the range, kInput when no day has data, naming the
/// nearest days that have.
TargetDays find_target_days(const Catalog& catalog, const SkeletonOptions& options);

}  // namespace daedalus
