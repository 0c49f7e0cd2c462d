// Sums and the exit code of a run.
#include <algorithm>
#include <set>

#include "daedalus/skeleton.h"

namespace daedalus {

std::int64_t StepAccount::rows_dropped() const {
  std::int64_t sum = 0;
  for (const auto& [reason, rows] : dropped) sum += rows;
  return sum;
}

std::string_view to_string(DayStatus status) {
  switch (status) {
    case DayStatus::kPublished:
      return "published";
    case DayStatus::kUpToDate:
      return "up to date";
    case DayStatus::kNotRun:
      return "not run";
    case DayStatus::kFailed:
      break;
  }
  return "failed";
}

int Report::exit_code() const {
  std::set<int> codes;
  bool all_failed = true;
  for (const DayReport& day : days) {
    if (day.status == DayStatus::kFailed) {
      codes.insert(daedalus::exit_code(day.error_kind.value_or(ErrorKind::kBug)));
    } else if (day.status != DayStatus::kNotRun) {
      all_failed = false;
    }
  }
  if (codes.empty()) return 0;
  // A run that was stopped says so, whatever it had done or failed to do by then.
  const int interrupted = daedalus::exit_code(ErrorKind::kInterrupted);
  if (codes.contains(interrupted)) return interrupted;
  return all_failed && codes.size() == 1 ? *codes.begin() : 1;
}

}  // namespace daedalus
