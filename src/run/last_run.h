// output_root/_last_run.json: what the last run was asked for and what became of its days.
#pragma once

#include "daedalus/skeleton.h"
#include "daedalus/status.h"

namespace daedalus {

/// Replaces the file by a rename, so that a reader finds the last run or the one before it. Days
/// that were interrupted count as not run. Throws Error{kEnvironment}.
void write_last_run(const Config& config, const SkeletonOptions& options,
                    const std::vector<DayReport>& days);

}  // namespace daedalus
