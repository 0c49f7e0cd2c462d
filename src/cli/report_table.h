// What became of a run, as text.
#pragma once

#include <string>

#include "daedalus/skeleton.h"

namespace daedalus::cli {

/// A line per day with a column for each reason for which any row was dropped; why the days were to
/// compute; the warnings, with the days for which each holds; the errors of failed days; and a
/// total. `seconds` is the wall time of the whole run, `output_root` where its days went.
std::string report_table(const Report& report, double seconds, const std::string& output_root);

}  // namespace daedalus::cli
