// The columns of rows' users or artworks, fetched by number.
#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>
#include <filesystem>
#include <memory>

#include "engine/engine.h"
#include "plan/plan.h"
#include "run/stage_run.h"

namespace daedalus {

/// Adds to rows the columns of their entities. These are taken from memory where the sweep holds
/// them. Else, where the rows are in the order of the numbers, both are read side by side; where
/// they are not, DuckDB joins entities to rows into a file.
class EntityTable {
 public:
  /// `made`: the entities' relation, and `rows`, an ordered one; `directory`: where a file may go.
  EntityTable(const EntityColumns& columns, const StageResults& made, const std::string& rows,
              const std::filesystem::path& directory, const EngineSettings& settings);

  /// The next rows, all of them in their order, with the columns after their own.
  std::shared_ptr<arrow::Table> add_to(const arrow::Table& rows);

 private:
  void hold_between(std::int64_t first, std::int64_t last);
  [[nodiscard]] std::shared_ptr<arrow::Table> taken(const arrow::Int64Array& numbers) const;

  std::string number_;
  Engine engine_;
  std::unique_ptr<ResultStream> by_number_;  // entities that are not held yet; null: none
  std::unique_ptr<ResultStream> joined_;     // those of the rows; null where entities are held
  std::int64_t first_held_ = 0;
  std::shared_ptr<arrow::RecordBatch> held_;  // of the numbers from `first_held_` on
};

}  // namespace daedalus
