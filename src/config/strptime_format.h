// The formats of times in `times`, as DuckDB's strptime() reads them.
#pragma once

#include <optional>
#include <string>

namespace daedalus::config {

struct FormatFault {
  std::string what;
  std::string fix;
};

/// Why `format` is no format of a time: a specifier that DuckDB doesn't know, or no whole date in
/// it. Nothing, when it is one.
std::optional<FormatFault> strptime_fault(const std::string& format);

}  // namespace daedalus::config
