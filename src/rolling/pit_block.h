// A run of rows, and the events of their keys: what the native engine works on at once.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rolling/element_codes.h"

namespace arrow {
class Table;
}
namespace daedalus {

/// The values of a column, and where each row's stands in it: at `at[i]`, or, where `at` is null,
/// at i.
struct ColumnValues {
  std::shared_ptr<arrow::Array> array;
  const std::int64_t* at = nullptr;
  [[nodiscard]] std::int64_t place(std::int64_t row) const { return at != nullptr ? at[row] : row; }
};

/// Events of whole keys, each key's newest first. Keys are numbered 0, 1, 2, … as they appear.
struct EventBlock {
  /// `events`, `items`: as PitTable has them, each column in one chunk; no items: null.
  EventBlock(std::shared_ptr<arrow::Table> events, std::shared_ptr<arrow::Table> items);

  /// What the events list of a column: it is theirs, or their items'.
  [[nodiscard]] ColumnValues values(const std::string& column) const;

  [[nodiscard]] std::int64_t size() const { return key_begin.back(); }

  std::shared_ptr<arrow::Table> table;
  std::shared_ptr<arrow::Table> item_table;
  ElementCodes keys;                    ///< The keys' numbers.
  std::vector<std::int64_t> key_begin;  ///< A key's first event; one more at the end.
  const std::int32_t* name = nullptr;   ///< Of each event, an index into `event_names`.
  const std::int64_t* time = nullptr;   ///< Of each event, in microseconds.
};

/// Rows in the order of `__row_id`.
struct RowBlock {
  /// `rows`: as PitTable::rows has them, each column in one chunk.
  RowBlock(std::shared_ptr<arrow::Table> rows, const EventBlock& events);

  [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(key.size()); }

  /// The rows' own values of a column: theirs, as `__own_{column}`, or their items', which are
  /// those of `events`.
  [[nodiscard]] ColumnValues own_values(const std::string& column, const EventBlock& events) const;

  std::shared_ptr<arrow::Table> table;
  std::vector<std::int32_t> key;       ///< Of each row, its number in the events; -1: no event.
  const std::int64_t* time = nullptr;  ///< Of each row, in microseconds.
};

/// The one chunk of a table's column. Throws Error{kBug} when there is no such column.
std::shared_ptr<arrow::Array> only_chunk(const arrow::Table& table, const std::string& column);

}  // namespace daedalus
