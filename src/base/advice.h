// What to do about troubles that several places meet.
#pragma once

namespace daedalus {

inline constexpr const char* kRaiseFileLimit =
    "raise the limit of open files (ulimit -n), or lower threads or day_workers";

inline constexpr const char* kCheckDisk = "check the disk of output_root, and run again";

}  // namespace daedalus
