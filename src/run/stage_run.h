// Runs stages: each on a connection of its own, handing on what it makes as files, or in memory.
#pragma once

#include <arrow/type_fwd.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/fault_point.h"
#include "daedalus/skeleton.h"
#include "plan/plan.h"
#include "run/row_accounting.h"

namespace daedalus {

/// Relation to the SELECT that reads its file.
using RelationFiles = std::map<std::string, std::string>;

/// What stages have made.
struct StageResults {
  RelationFiles files;
  /// Relations that are held in memory; strings of lists in dictionaries.
  std::map<std::string, std::shared_ptr<arrow::RecordBatch>> tables;
  Counts counts;
};

/// Runs `stage` of `plan` with `variables` besides the plan's own. Its files go to `directory` and
/// into `results`, whose earlier files it reads. Throws Error; for kInput it says which sources the
/// stage read.
void run_stage(const StagePlan& plan, const Stage& stage, const Variables& variables,
               const EngineSettings& settings, const std::filesystem::path& directory,
               StageResults& results);

/// Writes the rows of a SELECT, in its order, to a Parquet file that is read once or twice and then
/// thrown away: what is fast counts, not what is small.
void write_file(Engine& engine, const std::string& select, const std::filesystem::path& path);

/// SELECT of the rows of a Parquet file; with their number as `row_number`, where one is asked for.
std::string select_file(const std::filesystem::path& path, const std::string& row_number = {});

/// Says to `observer` when `stage` of `day` begins and ends, and runs `work` in between.
template <typename Work>
void observed(Observer& observer, const std::string& day, const std::string& stage, Work work) {
  observer.stage_started(day, stage);
  fault_point("stage." + stage);
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  observer.stage_finished(day, stage, seconds.count());
}

}  // namespace daedalus
