// One aggregation over a block of events: what it lists of each key, and the lists of rows.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "daedalus/pit_table.h"
#include "rolling/element_codes.h"
#include "rolling/list_column.h"
#include "rolling/pit_block.h"

namespace daedalus {

/// The elements of one aggregation, each key's newest first, and a sweep over them that follows the
/// rows: with rows by (key, time) it passes each element once, so that a row costs what its lists
/// hold, however long its key's history is. Rows in another order cost more, and give the same.
class PitHistory {
 public:
  /// `list_type`: of the aggregation's columns, where they are lists. Both blocks must outlive it.
  /// `takes`: of each of PitTable::event_names, whether the aggregation takes such events.
  PitHistory(const PitSpec& pit, const std::vector<char>& takes, const EventBlock& events,
             const RowBlock& rows, const std::shared_ptr<arrow::DataType>& list_type,
             arrow::MemoryPool* pool);

  /// Adds the lists, or counts, of `row` to the columns.
  void add_row(std::int64_t row);

  /// Bytes of the columns so far.
  [[nodiscard]] std::int64_t bytes() const;

  /// The columns of the rows added since the last finish(), one a window.
  std::vector<std::shared_ptr<arrow::Array>> finish();

 private:
  static constexpr std::int64_t kNone = -1;

  void count_events(const EventBlock& events);
  void list_elements(const EventBlock& events, const std::shared_ptr<arrow::DataType>& list_type,
                     arrow::MemoryPool* pool);

  void seek(std::int32_t key, std::int64_t time);
  void enter(std::int64_t element);
  void leave_key();
  void exclude_own(std::int64_t row);
  [[nodiscard]] bool is_excluded(std::int64_t element) const {
    return excluded_by_[codes_.codes()[element]] == exclusion_;
  }
  template <typename Visit>
  void visit_runs(std::size_t window, Visit visit) const;
  void add_list(std::size_t window);

  const PitSpec& pit_;
  const std::vector<char>& takes_;
  const RowBlock& rows_;
  ColumnValues own_;  // the rows' own values, for exclude_self
  bool distinct_;

  // The elements of all keys: the event's time of each, and where each key's begin.
  std::vector<std::int64_t> time_;
  std::vector<std::int64_t> key_begin_;
  ElementCodes codes_;  // only where equality matters

  // The sweep: of the present key, [start_, key's end) is before the present time, and for each
  // window [start_, stop_[window]) is in it.
  std::int32_t key_ = -1;
  std::int64_t now_ = 0;
  std::int64_t start_ = 0;
  std::vector<std::int64_t> stop_;

  // Of the elements before the present time: the newest of each code, and for each element the next
  // older one, of its code, or, where only distinct ones count, of those that have no newer equal.
  std::vector<std::int64_t> newest_;
  std::vector<std::int64_t> older_;
  std::vector<std::int64_t> newer_;
  std::int64_t head_ = kNone;

  // Codes that the present row excludes are marked with its number.
  std::vector<std::int64_t> excluded_by_;
  std::int64_t exclusion_ = 0;
  std::int32_t own_code_ = -1;

  std::vector<ListColumn> lists_;
  std::vector<std::vector<std::int64_t>> counts_;
};

}  // namespace daedalus
