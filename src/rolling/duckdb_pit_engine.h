// The reference engine of aggregate_pit_table: DuckDB, per-key arrays and slices of them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daedalus/pit_table.h"
#include "engine/engine.h"

namespace daedalus {

class DuckdbPitEngine final : public PitEngine {
 public:
  DuckdbPitEngine(const PitTable& table, const std::vector<PitSpec>& specs,
                  const EngineSettings& settings);

  std::shared_ptr<arrow::Table> next(std::int64_t rows) override;

 private:
  std::shared_ptr<arrow::Table> aggregate(std::int64_t first, std::int64_t last);

  Engine engine_;
  std::vector<std::string>
      selects_;            ///< One a specification, over the tables `batch` and `batch_events`.
  std::int64_t rows_ = 0;  ///< In all.
  std::int64_t done_ = 0;  ///< Rows whose lists are made.
  std::shared_ptr<arrow::Table> ahead_;  ///< Made, and not given out.
};

}  // namespace daedalus
