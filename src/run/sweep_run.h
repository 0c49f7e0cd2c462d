// What the days of a sweep share, made once: numbers, feature views, histories.
#pragma once

#include "run/day_run.h"
#include "run/stage_run.h"
#include "sink/work_directory.h"

namespace daedalus {

/// What the days of a sweep read. It is gone with it.
class SweepRun {
 public:
  /// Makes them. Throws Error, of the kinds that a day throws: then it is unknown whose fault it
  /// is.
  SweepRun(const RunContext& context, const Plan& any_day, Day first, Day last);

  [[nodiscard]] const StageResults& results() const { return results_; }

 private:
  WorkDirectory work_;
  StageResults results_;
};

}  // namespace daedalus
