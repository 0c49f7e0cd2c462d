#include "run/ahead.h"

#include <arrow/api.h>
#include <arrow/util/byte_size.h>

#include <utility>

namespace daedalus {

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
    const std::int64_t bytes = table == nullptr ? 0 : arrow::util::TotalBufferSize(*table);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopped_ || made_.empty() || made_bytes_ + bytes <= room_; });
    if (stopped_) return;
    failure_ = failure;
    if (failure == nullptr) made_.push_back(std::move(table));
    made_bytes_ += bytes;
    changed_.notify_all();
  }
}

std::shared_ptr<arrow::Table> Ahead::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !made_.empty() || failure_ != nullptr; });
  if (made_.empty()) std::rethrow_exception(failure_);
  std::shared_ptr<arrow::Table> table = std::move(made_.front());
  made_.pop_front();
  made_bytes_ -= arrow::util::TotalBufferSize(*table);
  changed_.notify_all();
  return table;
}

}  // namespace daedalus
