// A day as a flag gives it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace daedalus::cli {

/// The day that `text`, the value of `flag`, names; absent when the flag is. Throws Error{kConfig}
/// when it is no date.
std::optional<std::chrono::sys_days> read_day(const std::string& flag,
                                              const std::optional<std::string>& text);

}  // namespace daedalus::cli
