// A small world for aggregate_pit_table, made of bytes: as the kernel reads it, and as the oracle.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "daedalus/pit_table.h"
#include "pit_oracle.h"

namespace arrow {
class Array;
class DataType;
}  // namespace arrow

namespace daedalus::fuzz {

/// Bytes as a row of choices. When they have run out, every choice is 0.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : bytes_(bytes) {}

  /// From 0 to `end` - 1; `end` is at most 256.
  int below(int end);
  bool flag() { return below(2) == 1; }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

/// The type of the column `value`: elements of `literals`, or lists of them.
struct ValueType {
  std::shared_ptr<arrow::Array> literals;  ///< All that elements may be; no NULL.
  std::vector<int> same;                   ///< Of each literal, the first that is equal to it.
  bool is_list = false;

  [[nodiscard]] std::shared_ptr<arrow::DataType> type() const;
  /// A column of `cells`.
  [[nodiscard]] std::shared_ptr<arrow::Array> column(const std::vector<Cell>& cells) const;
};

inline constexpr int kEventNames = 3;

struct PitWorld {
  ValueType value;
  std::vector<OracleEvent> events;  ///< Each key's together, the newest first.
  std::vector<OracleRow> rows;
  std::vector<PitSpec> specs;            ///< Over the column `value`.
  std::vector<std::vector<char>> takes;  ///< Of each, which event names it takes.
  bool has_items = false;  ///< The kernel finds the events' values in a table of items.
  bool has_text_keys = false;
  int padding = 0;  ///< Rows around each of the kernel's tables, of which it sees a slice.
  int piece = 1;    ///< Rows of which the kernel makes lists at once.
};

PitWorld make_pit_world(std::string_view bytes);

}  // namespace daedalus::fuzz
