// The engine `polars` of aggregate_pit_table: the Python package, run as a process.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "daedalus/pit_table.h"
#include "engine/engine.h"

namespace daedalus {

/// Throws Error{kConfig}, with what to install, when the Python package of this version or polars
/// is missing.
void require_polars();

/// Hands events and rows over as Parquet files in a directory below DuckDB's temp_directory, runs
/// `python3 -m daedalus._polars_engine` on it, and reads what that made.
class PolarsPitEngine final : public PitEngine {
 public:
  PolarsPitEngine(const PitTable& table, const std::vector<PitSpec>& specs,
                  const EngineSettings& settings);

  std::shared_ptr<arrow::Table> next(std::int64_t rows) override;

 private:
  void write_input(const PitTable& table, const std::vector<PitSpec>& specs);
  void make_lists() const;

  std::shared_ptr<const std::filesystem::path> directory_;  ///< Goes with the engine.
  Engine engine_;
  std::unique_ptr<ResultStream> lists_;
};

}  // namespace daedalus
