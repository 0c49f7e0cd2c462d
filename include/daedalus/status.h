// Where the target days stand: what is published, and what the last run said of the rest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "daedalus/skeleton.h"

namespace daedalus {

/// What a run wrote of itself to `output_root/_last_run.json`.
struct LastRun {
  std::filesystem::path config_dir;      ///< Absolute; empty when load_config() did not read it.
  std::vector<std::string> overrides;    ///< As given to load_config().
  SkeletonOptions options;               ///< Its days, force, engine and sql_dir (absolute).
  std::vector<DayReport> days;           ///< Only `day`, `status`, `error` and `error_kind`.
  std::vector<DayReport> failed_before;  ///< Of earlier runs, on days that none computed since.
};

/// The last run of `output_root`; absent when none was there. Throws Error{kInput} when its file
/// can't be read.
std::optional<LastRun> read_last_run(const std::filesystem::path& output_root);

/// The options of a run that repeats the failed days of `run` and no others; absent when none
/// failed. A file that failed because its days could not be listed stands for the days that `run`
/// did not know of.
std::optional<SkeletonOptions> retry_options(const LastRun& run);

enum class DayState {
  kPublished,  ///< Up to date.
  kStale,      ///< Published, but a run would compute it again.
  kFailed,     ///< The last run that tried it failed; what was published before, if anything, is
               ///< stale.
  kMissing,    ///< Not published.
};

/// "published", "stale", "failed" or "missing".
std::string_view to_string(DayState state);

/// Where one target day stands.
struct DayStanding {
  std::string day;  ///< As in DayReport.
  DayState state = DayState::kMissing;
  std::vector<StaleReason> reasons;  ///< Why a run would compute it; empty when it would not.
  std::int64_t rows = 0;             ///< Of what is published, as its manifest says.
  std::int64_t bytes = 0;
  std::string error;  ///< Of that run, or why the file's days can't be listed.
  std::optional<ErrorKind> error_kind;
};

/// Every target day of `config` in the order of time; where a file can't be read, also the days
/// that are published of the range. Reads file names, manifests and the times of the feed's rows;
/// writes nothing. Throws Error as run_skeleton_stage() does.
std::vector<DayStanding> list_standings(const Config& config,
                                        const std::filesystem::path& sql_dir = {});

}  // namespace daedalus
