// The columns of rows' users or artworks, fetched by number.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/engine.h"
#include "plan/plan.h"
#include "run/stage_run.h"

namespace arrow {
class RecordBatch;
class Table;
}  // namespace arrow

namespace daedalus {

/// Adds to rows the columns of their entities. These are held in memory up to `held_bytes`; beyond,
/// DuckDB joins them, which can spill to disk, and the rows must come in their order, each once.
class EntityTable {
 public:
  static constexpr std::int64_t kHeldBytes = std::int64_t{128} << 20;

  /// `files`: the relations that `columns` names; `rows`: SELECT of all rows, with `__row`.
  EntityTable(EntityColumns columns, const std::string& rows, const RelationFiles& files,
              const EngineSettings& settings, std::int64_t held_bytes = kHeldBytes);

  /// The next rows, with the columns after their own.
  std::shared_ptr<arrow::Table> add_to(const arrow::Table& rows);

 private:
  bool hold(std::int64_t held_bytes);

  EntityColumns columns_;
  Engine engine_;
  std::shared_ptr<arrow::RecordBatch> held_;  // null when there are too many
  std::unique_ptr<ResultStream> joined_;      // then this: in the order of the rows
};

}  // namespace daedalus
