// The fast engine of aggregate_pit_table: a sweep over sorted events, and lists copied by the run.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daedalus/pit_table.h"
#include "engine/engine.h"
#include "rolling/pit_block.h"
#include "rolling/pit_history.h"
#include "rolling/recycling_pool.h"

namespace arrow {
class DataType;
}

namespace daedalus {

/// Holds all items, and the events of a few thousand rows' keys at a time where
/// `PitTable::rows_by_key`, all events otherwise.
class NativePitEngine final : public PitEngine {
 public:
  NativePitEngine(const PitTable& table, std::vector<PitSpec> specs, const EngineSettings& settings,
                  arrow::MemoryPool* pool);

  std::shared_ptr<arrow::Table> next(std::int64_t rows) override;

 private:
  /// What next() works on until its rows are used up. The histories refer to the blocks.
  struct Block {
    Block(EventBlock event_block, std::shared_ptr<arrow::Table> row_table);
    EventBlock events;
    RowBlock rows;
    std::vector<std::unique_ptr<PitHistory>> histories;  ///< One a specification.
    std::int64_t done = 0;                               ///< Rows that next() has given out.
  };

  [[nodiscard]] std::shared_ptr<arrow::Schema> result_schema(const arrow::Schema& plain) const;
  void load_block(std::int64_t row_count);
  std::shared_ptr<arrow::Table> events_of(const arrow::Table& rows);

  RecyclingPool own_pool_;   ///< First, since it must outlive the lists.
  arrow::MemoryPool* pool_;  ///< Where the lists are made.
  std::vector<PitSpec> specs_;
  bool rows_by_key_;
  int threads_;  ///< That make a block's histories and lists.
  Engine event_engine_;
  Engine row_engine_;
  std::unique_ptr<ResultStream> events_;
  std::unique_ptr<ResultStream> rows_;
  std::shared_ptr<arrow::Schema> schema_;  ///< Of the result.
  std::vector<std::vector<char>> takes_;   ///< Of each specification, as PitHistory has it.
  std::shared_ptr<arrow::Table> items_;    ///< All of them, strings in dictionaries; or null.
  std::shared_ptr<arrow::Table> ahead_;    ///< Events read, of keys still to come.
  std::unique_ptr<Block> block_;
  std::size_t largest_ = 0;  ///< The specification whose lists were too long for a whole block.
};

}  // namespace daedalus
