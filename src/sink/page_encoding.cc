#include "sink/page_encoding.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace daedalus {
namespace {

// What is packed comes in groups of eight, of which the last may be padded.
constexpr std::size_t kGroup = 8;

// Whole groups that hold so many values.
std::size_t groups_of(std::size_t count) { return (count + kGroup - 1) / kGroup; }

// Each run begins with a number: its length, or that of its groups, and in the lowest bit which.
constexpr std::uint64_t kPacked = 1;

std::uint8_t* write_varint(std::uint64_t value, std::uint8_t* to) {
  for (; value >= 0x80; value >>= 7) *to++ = static_cast<std::uint8_t>(value | 0x80);
  *to++ = static_cast<std::uint8_t>(value);
  return to;
}

}  // namespace

const std::int16_t* end_of_run(const std::int16_t* begin, const std::int16_t* end) {
  // Looked for four at a time.
  const std::uint64_t four = 0x0001'0001'0001'0001U * static_cast<std::uint16_t>(*begin);
  const std::int16_t* next = begin + 1;
  for (std::uint64_t ahead = 0; end - next >= 4; next += 4) {
    std::memcpy(&ahead, next, sizeof ahead);
    if (ahead != four) break;
  }
  while (next < end && *next == *begin) ++next;
  return next;
}

PageLevels::PageLevels(std::int16_t max_level)
    : width_(static_cast<int>(std::bit_width(static_cast<std::uint16_t>(max_level)))) {}

void PageLevels::append(const std::int16_t* begin, const std::int16_t* end) {
  size_ += static_cast<std::size_t>(end - begin);
  visit_runs(begin, end, [&](std::int16_t level, std::int64_t length) {
    if (runs_.empty() || runs_.back().level != level) runs_.push_back({level, 0});
    runs_.back().length += static_cast<std::uint32_t>(length);
  });
}

std::int64_t PageLevels::room() const {
  constexpr std::size_t kLengthAndHeader = 24;  // and what is written over
  constexpr std::size_t kRunBytes = 6;
  const std::size_t levels = are_runs() ? runs_.size() * kRunBytes : packed_bytes();
  return static_cast<std::int64_t>(kLengthAndHeader + levels);
}

std::uint8_t* PageLevels::write(std::uint8_t* to) const {
  std::uint8_t* const levels = to + sizeof(std::int32_t);
  std::uint8_t* const end = are_runs() ? write_runs(levels) : write_packed(levels);
  const auto length = static_cast<std::int32_t>(end - levels);
  std::memcpy(to, &length, sizeof length);
  return end;
}

void PageLevels::clear() {
  runs_.clear();
  size_ = 0;
}

// Whether they are written as runs, of some two bytes each. Zstd finds more repeats in them than in
// packed levels, so that they may be somewhat larger.
bool PageLevels::are_runs() const { return runs_.size() <= size_ / 8; }

std::size_t PageLevels::packed_bytes() const {
  return groups_of(size_) * static_cast<std::size_t>(width_);
}

std::uint8_t* PageLevels::write_runs(std::uint8_t* to) const {
  for (const Run& run : runs_) {
    to = write_varint(std::uint64_t{run.length} << 1, to);
    *to++ = static_cast<std::uint8_t>(run.level);
  }
  return to;
}

std::uint8_t* PageLevels::write_packed(std::uint8_t* to) const {
  to = write_varint(groups_of(size_) << 1 | kPacked, to);
  std::uint8_t* const end = to + packed_bytes();
  // As many of a run at once as fit beside what is left of a byte.
  const auto most = static_cast<std::uint32_t>(56 / width_);
  std::uint64_t ones = 0;  // in each of so many places
  for (std::uint32_t i = 0; i < most; ++i) ones = ones << width_ | 1;
  std::uint64_t bits = 0;
  int count = 0;
  for (const Run& run : runs_) {
    const std::uint64_t levels = ones * static_cast<std::uint64_t>(run.level);
    for (std::uint32_t left = run.length; left > 0;) {
      const std::uint32_t now = std::min(left, most);
      const int width = static_cast<int>(now) * width_;
      bits |= (levels & ((std::uint64_t{1} << width) - 1)) << count;
      count += width;
      std::memcpy(to, &bits, sizeof bits);  // little-endian
      to += count / 8;
      bits >>= count & ~7;
      count &= 7;
      left -= now;
    }
  }
  for (; to < end; bits >>= 8) *to++ = static_cast<std::uint8_t>(bits);
  return end;
}

std::size_t bytes_for(std::int32_t count) {
  const auto greatest = static_cast<std::uint32_t>(std::max(count - 1, 1));
  return (static_cast<std::size_t>(std::bit_width(greatest)) + 7) / 8;
}

std::int64_t room_for_numbers(std::size_t count, std::size_t width) {
  constexpr std::size_t kHeader = 16;  // the width, the number of groups, and what is written over
  return static_cast<std::int64_t>(kHeader + (count + kGroup) * width);
}

std::uint8_t* write_numbers(const std::vector<std::int32_t>& numbers, std::size_t width,
                            std::uint8_t* to) {
  // DuckDB looks for a run wherever the width is not 0.
  *to++ = static_cast<std::uint8_t>(numbers.empty() ? 0 : 8 * width);
  if (numbers.empty()) return to;
  const std::size_t groups = groups_of(numbers.size());
  to = write_varint(groups << 1 | kPacked, to);
  // Little-endian, as all of Parquet: the high bytes are written over by the next number.
  for (const std::int32_t number : numbers) {
    std::memcpy(to, &number, sizeof number);
    to += width;
  }
  const std::size_t padding = (groups * kGroup - numbers.size()) * width;
  std::memset(to, 0, padding);
  return to + padding;
}

}  // namespace daedalus
