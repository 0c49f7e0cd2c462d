// output_root/_last_run.json: what the last run was asked for and what became of its days.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daedalus/skeleton.h"
#include "daedalus/status.h"

namespace daedalus {

/// The failed days of a run and of those before it, by name.
std::map<std::string, DayReport> failures_of(const LastRun& run);

/// Replaces the file by a rename, so that a reader finds the last run or the one before it. Days
/// that were interrupted count as not run. Failures that the file knew of days that are not run
/// here stay in it. Throws Error{kEnvironment}.
void write_last_run(const Config& config, const SkeletonOptions& options,
                    const std::vector<DayReport>& days);

}  // namespace daedalus
