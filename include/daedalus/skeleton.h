// run_skeleton_stage(): from a raw feed to one published Parquet partition a day.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daedalus/config.h"
#include "daedalus/staleness.h"
#include "daedalus/warning.h"

namespace daedalus {

/// Rows in and out of one step, on the target day's own rows.
struct StepAccount {
  std::string step;  ///< spine, embedding_coverage, session_filter or content_filter.
  std::int64_t rows_in = 0;
  std::vector<std::pair<std::string, std::int64_t>>
      dropped;  ///< Reason to rows, in the step's order.
  std::int64_t rows_out = 0;

  /// The sum of `dropped`.
  [[nodiscard]] std::int64_t rows_dropped() const;
};

enum class DayStatus {
  kPublished,  ///< Computed and published by this run.
  kUpToDate,   ///< Left alone: its manifest matches the present configuration and inputs.
  kFailed,     ///< Nothing of it was changed; see `error`.
  kNotRun,     ///< The run ended before the day was begun or done; nothing of it was changed.
};

/// "published", "up to date", "failed" or "not run".
std::string_view to_string(DayStatus status);

/// What became of one target day.
struct DayReport {
  std::string day;  ///< "YYYY-MM-DD"; for a feed file whose days can't be listed, the file's path.
  DayStatus status = DayStatus::kFailed;
  std::vector<StaleReason> reasons;         ///< Why it was to compute; empty when up to date.
  std::vector<StepAccount> row_accounting;  ///< In the order of the steps; empty when failed early.
  std::int64_t rows_out = 0;
  std::int64_t bytes = 0;  ///< Size of the day's part files.
  double seconds = 0;      ///< Wall time.
  std::string error;       ///< Why it failed, for a person.
  std::optional<ErrorKind> error_kind;
};

/// What became of a run.
struct Report {
  std::vector<DayReport> days;    ///< In the order of time.
  std::vector<Warning> warnings;  ///< Each said once, with the days for which it holds.

  /// 0, 1, or the code that all failed days share (semantics.md, "Exit codes").
  [[nodiscard]] int exit_code() const;
};

/// Hears of the progress of a run. Called from several threads at once when day_workers > 1.
class Observer {
 public:
  virtual ~Observer() = default;
  /// The run will compute `days` (published ones that are up to date not counted), each in
  /// `stages_per_day` stages, after `shared_stages` in all that several days share.
  virtual void run_started(std::size_t days, std::size_t stages_per_day,
                           std::size_t shared_stages) = 0;
  /// `day` begins, for `reasons`.
  virtual void day_started(const std::string& day, const std::vector<StaleReason>& reasons) = 0;
  /// `stage` of `day` begins; or one that the days of a sweep share, and `day` names these.
  virtual void stage_started(const std::string& day, const std::string& stage) = 0;
  /// `stage` of `day` is done after `seconds`.
  virtual void stage_finished(const std::string& day, const std::string& stage, double seconds) = 0;
  /// `day` is done, published or failed; or it won't be run.
  virtual void day_finished(const DayReport& day) = 0;
  /// Something worth knowing that stops nothing.
  virtual void warning(const std::string& text) = 0;
};

/// Which days to compute, and how.
struct SkeletonOptions {
  std::optional<std::chrono::sys_days> target_date;  ///< This one day only.
  std::optional<std::chrono::sys_days> from;         ///< First target day, inclusive.
  std::optional<std::chrono::sys_days> to;           ///< Last target day, inclusive.
  std::function<bool(std::chrono::sys_days)> wants;  ///< Of these days only those; all when empty.
  std::optional<int> day_workers;                    ///< Overrides runtime.day_workers.
  bool fail_fast = false;                            ///< Begin no day after the first failed one.
  bool force = false;                                ///< Also days that are up to date.
  std::string engine = "native";  ///< Of aggregate_pit_table: native, or duckdb as a cross-check.
  std::filesystem::path sql_dir;  ///< Read stage SQL from here where it has the file.
  Observer* observer = nullptr;   ///< Not owned; may be null.
};

/// Computes and publishes the target days of `config`: `output_root/dt=YYYY-MM-DD/part-N-0.parquet`
/// and
/// `_manifest.json` each, and `output_root/qid_map.parquet` where the feed has sessions.
///
/// A day is published whole, by one rename, or not at all; a failed day leaves what was published
/// and does not stop the others, unless `options.fail_fast`. Returns what became of each day.
/// Throws Error when nothing could be run: kConfig (a target date outside feed_start..feed_end, an
/// output column that no step makes), kInput (no day with data, a view or pool that is missing),
/// kInterrupted.
Report run_skeleton_stage(const Config& config, const SkeletonOptions& options = {});

/// Stops all runs of this process as soon as possible: they throw or report kInterrupted, and leave
/// nothing half-done. For a signal watcher; callable from any thread.
void interrupt();

/// Lets runs begin again after interrupt(), in a process that outlives it. Callable once the runs
/// that were to stop have ended.
void resume();

}  // namespace daedalus
