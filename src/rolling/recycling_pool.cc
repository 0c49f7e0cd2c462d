#include "rolling/recycling_pool.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace daedalus {
namespace {

// Smaller blocks are the default pool's own business.
constexpr std::int64_t kLeast = std::int64_t{64} << 10;

// More than this is given back.
constexpr std::int64_t kMostFree = std::int64_t{256} << 20;

// What is really allocated for `size` bytes.
std::int64_t block_size(std::int64_t size) {
  if (size < kLeast) return size;
  return static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(size)));
}

}  // namespace

RecyclingPool::~RecyclingPool() {
  for (const auto& [size, blocks] : free_) {
    for (std::uint8_t* block : blocks) arrow::default_memory_pool()->Free(block, size);
  }
}

arrow::Status RecyclingPool::Allocate(std::int64_t size, std::int64_t alignment,
                                      std::uint8_t** out) {
  const std::int64_t whole = block_size(size);
  in_use_ += whole;
  if (whole >= kLeast) {
    const std::lock_guard lock(mutex_);
    std::vector<std::uint8_t*>& blocks = free_[whole];
    if (!blocks.empty()) {
      *out = blocks.back();
      blocks.pop_back();
      free_bytes_ -= whole;
      return arrow::Status::OK();
    }
  }
  return arrow::default_memory_pool()->Allocate(whole, alignment, out);
}

arrow::Status RecyclingPool::Reallocate(std::int64_t old_size, std::int64_t new_size,
                                        std::int64_t alignment, std::uint8_t** block) {
  if (block_size(old_size) == block_size(new_size)) return arrow::Status::OK();
  std::uint8_t* larger = nullptr;
  ARROW_RETURN_NOT_OK(Allocate(new_size, alignment, &larger));
  std::memcpy(larger, *block, static_cast<std::size_t>(std::min(old_size, new_size)));
  Free(*block, old_size, alignment);
  *block = larger;
  return arrow::Status::OK();
}

void RecyclingPool::Free(std::uint8_t* block, std::int64_t size, std::int64_t alignment) {
  const std::int64_t whole = block_size(size);
  in_use_ -= whole;
  if (whole >= kLeast) {
    const std::lock_guard lock(mutex_);
    if (free_bytes_ + whole <= kMostFree) {
      free_[whole].push_back(block);
      free_bytes_ += whole;
      return;
    }
  }
  arrow::default_memory_pool()->Free(block, whole, alignment);
}

}  // namespace daedalus
