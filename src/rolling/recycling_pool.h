// Memory for arrays that are made, written and dropped in a steady stream.
#pragma once

#include <arrow/memory_pool.h>

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace daedalus {

/// A pool that keeps what is freed for the next who asks: memory fresh from the system is cleared
/// page by page first, which took longer than filling it with lists. Large blocks come in powers of
/// two. It must outlive what is allocated from it. Thread-safe.
class RecyclingPool final : public arrow::MemoryPool {
 public:
  RecyclingPool() = default;
  ~RecyclingPool() override;
  RecyclingPool(const RecyclingPool&) = delete;
  RecyclingPool& operator=(const RecyclingPool&) = delete;

  using arrow::MemoryPool::Allocate;
  using arrow::MemoryPool::Free;
  using arrow::MemoryPool::Reallocate;
  arrow::Status Allocate(std::int64_t size, std::int64_t alignment, std::uint8_t** out) override;
  arrow::Status Reallocate(std::int64_t old_size, std::int64_t new_size, std::int64_t alignment,
                           std::uint8_t** block) override;
  void Free(std::uint8_t* block, std::int64_t size, std::int64_t alignment) override;

  [[nodiscard]] std::int64_t bytes_allocated() const override { return in_use_; }
  [[nodiscard]] std::int64_t max_memory() const override { return -1; }
  [[nodiscard]] std::int64_t total_bytes_allocated() const override { return -1; }
  [[nodiscard]] std::int64_t num_allocations() const override { return -1; }
  [[nodiscard]] std::string backend_name() const override { return "recycling"; }

 private:
  std::mutex mutex_;
  std::map<std::int64_t, std::vector<std::uint8_t*>> free_;  // by the size of the block
  std::int64_t free_bytes_ = 0;
  std::atomic<std::int64_t> in_use_{0};
};

}  // namespace daedalus
