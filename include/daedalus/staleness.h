// Why a day has to be computed: what its published partition was made of and is not so any more.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace daedalus {

/// One reason for which a target day is computed.
struct StaleReason {
  enum class Cause {
    kMissing,        ///< Nothing of it is published.
    kForced,         ///< It was asked for though it is up to date.
    kDamaged,        ///< Its manifest can't be read, or its parts are not as the manifest says.
    kConfiguration,  ///< Values that can change its rows.
    kFeedColumns,    ///< The columns that the feed has, or their types.
    kSql,            ///< The SQL that `--sql-dir` changes.
    kInputs,         ///< Files that it reads were added, removed, touched or resized.
  };
  Cause cause = Cause::kMissing;
  /// What changed: keys, columns, SQL files or paths. Empty where that is not known or nothing.
  std::vector<std::string> names;

  bool operator==(const StaleReason&) const = default;
};

/// "missing", "forced", "damaged", "config changed", "feed columns changed", "SQL changed",
/// "inputs changed".
std::string_view to_string(StaleReason::Cause cause);

/// "config changed: runtime.content_filter[0].event; inputs changed: …" with the first few names of
/// each; empty without a reason.
std::string to_string(const std::vector<StaleReason>& reasons);

}  // namespace daedalus
