#include "run/ahead.h"

#include <arrow/api.h>

#include <set>
#include <utility>

namespace daedalus {
namespace {

// Adds to `seen` what a column holds; not its dictionaries, which are there anyhow for all tables.
std::int64_t add_bytes(const arrow::ArrayData& column, std::set<const arrow::Buffer*>& seen) {
  std::int64_t bytes = 0;
  for (const auto& buffer : column.buffers) {
    if (buffer != nullptr && seen.insert(buffer.get()).second) bytes += buffer->size();
  }
  for (const auto& child : column.child_data) bytes += add_bytes(*child, seen);
  return bytes;
}

std::int64_t bytes_of(const arrow::Table& table) {
  std::set<const arrow::Buffer*> seen;
  std::int64_t bytes = 0;
  for (const auto& column : table.columns()) {
    for (const auto& chunk : column->chunks()) bytes += add_bytes(*chunk->data(), seen);
  }
  return bytes;
}

}  // namespace

Ahead::Ahead(Source source, std::int64_t bytes)
    : source_(std::move(source)), room_(bytes), maker_([this] { make_all(); }) {}

Ahead::~Ahead() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  maker_.join();
}

void Ahead::make_all() {
  bool is_last = false;
  while (!is_last) {
    std::shared_ptr<arrow::Table> table;
    std::exception_ptr failure;
    try {
      table = source_();
    } catch (...) {
      failure = std::current_exception();
    }
    is_last = failure != nullptr || table->num_rows() == 0;
    const std::int64_t bytes = table == nullptr ? 0 : bytes_of(*table);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopped_ || made_.empty() || made_bytes_ + bytes <= room_; });
    if (stopped_) return;
    failure_ = failure;
    if (failure == nullptr) made_.push_back({std::move(table), bytes});
    made_bytes_ += bytes;
    changed_.notify_all();
  }
}

std::shared_ptr<arrow::Table> Ahead::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !made_.empty() || failure_ != nullptr; });
  if (made_.empty()) std::rethrow_exception(failure_);
  Made made = std::move(made_.front());
  made_.pop_front();
  made_bytes_ -= made.bytes;
  changed_.notify_all();
  return std::move(made.table);
}

}  // namespace daedalus
