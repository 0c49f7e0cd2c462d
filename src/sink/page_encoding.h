// Levels and numbers as a data page of Parquet holds them: in its hybrid of run-length encoding and
// bit-packing (Parquet format, "RLE / Bit-Packing Hybrid"; RLE = 3, RLE_DICTIONARY = 8).
#pragma once

#include <cstdint>
#include <vector>

namespace daedalus {

/// The end of the levels from `begin` on that equal the first; there is one.
const std::int16_t* end_of_run(const std::int16_t* begin, const std::int16_t* end);

/// Calls `visit(level, length)` for each run of equal levels.
template <typename Visit>
void visit_runs(const std::int16_t* begin, const std::int16_t* end, Visit visit) {
  while (begin < end) {
    const std::int16_t* next = end_of_run(begin, end);
    visit(*begin, next - begin);
    begin = next;
  }
}

/// The definition or repetition levels of a page, as runs of equal ones: those of lists are long.
class PageLevels {
 public:
  /// `max_level`: the greatest there can be.
  explicit PageLevels(std::int16_t max_level);

  void append(const std::int16_t* begin, const std::int16_t* end);

  [[nodiscard]] std::size_t size() const { return size_; }

  /// Bytes that write() may need.
  [[nodiscard]] std::int64_t room() const;

  /// Writes the levels behind their length; gives their end.
  std::uint8_t* write(std::uint8_t* to) const;

  void clear();

 private:
  struct Run {
    std::int16_t level;
    std::uint32_t length;
  };

  [[nodiscard]] bool are_runs() const;
  [[nodiscard]] std::size_t packed_bytes() const;
  std::uint8_t* write_runs(std::uint8_t* to) const;
  std::uint8_t* write_packed(std::uint8_t* to) const;

  int width_;  // of a level, in bits
  std::vector<Run> runs_;
  std::size_t size_ = 0;
};

/// Whole bytes that hold each number below `count`.
std::size_t bytes_for(std::int32_t count);

/// Bytes that write_numbers() may need.
std::int64_t room_for_numbers(std::size_t count, std::size_t width);

/// Writes the width in bits, then all numbers in `width` bytes each, as one bit-packed run; gives
/// its end.
std::uint8_t* write_numbers(const std::vector<std::int32_t>& numbers, std::size_t width,
                            std::uint8_t* to);

}  // namespace daedalus
