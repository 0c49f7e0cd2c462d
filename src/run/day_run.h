// One target day: its plan run stage by stage, its lists made, its partition published.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "daedalus/skeleton.h"
#include "plan/plan.h"
#include "run/manifest.h"
#include "run/side_by_side.h"
#include "run/stage_run.h"
#include "run/turnstile.h"
#include "run/warning_log.h"
#include "sink/work_directory.h"

namespace daedalus {

/// What the days of a run share.
struct RunContext {
  const Catalog& catalog;
  const SqlLibrary& sql;
  Recipe recipe;
  std::string engine;  ///< Of aggregate_pit_table.
  Observer* observer;  ///< Never null.
  Turnstile& turnstile;
  WarningLog& warnings;
  std::vector<Warning> standing_warnings;  ///< That hold for every day of the run.
};

/// Stages of a day as the observer counts them.
std::size_t stage_count(const Plan& plan);

/// Computes and publishes one day. Leaves nothing behind when it throws.
class DayRun {
 public:
  /// `shared`: what the day's sweep has made. `index`: the day's place in the run, for the
  /// turnstile.
  DayRun(const RunContext& context, Plan plan, const StageResults& shared, std::size_t index);

  /// Throws Error; then what was published of the day is as it was.
  DayReport run();

 private:
  std::unique_ptr<PitEngine> pit_engine(const PitUse& use, const std::string& rows);
  void make_early_lists();
  std::optional<std::string> assign_qids();
  std::vector<PartFile> write_parts();
  [[nodiscard]] std::string rows_select() const;
  [[nodiscard]] std::optional<std::string> qid_select(const std::string& qid_map) const;
  [[nodiscard]] std::shared_ptr<arrow::Table> output_of(const arrow::Table& columns) const;
  std::vector<PartFile> write_all(const ColumnSource& source,
                                  const std::filesystem::path& directory,
                                  std::int64_t rows_per_part) const;
  DayReport publish(const std::vector<PartFile>& parts);
  void warn(const std::vector<Warning>& found);

  const RunContext& context_;
  const Config& config_;
  EngineSettings settings_;  // with an instance that the whole day shares
  Plan plan_;
  std::size_t index_;
  std::string day_;
  WorkDirectory work_;
  StageResults results_;
  std::int64_t rows_ = 0;
  UnusedRows unused_rows_;
  std::vector<Warning> warnings_;
};

}  // namespace daedalus
