// Tables made on a thread of their own, some ahead of who takes them.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace arrow {
class Table;
}

namespace daedalus {

/// Calls a source again and again on one thread, and keeps what it gives until it is taken: as many
/// tables as fit in some bytes, and at least one.
class Ahead {
 public:
  using Source = std::function<std::shared_ptr<arrow::Table>()>;

  /// `source` gives a table of no rows at its end, and is not called after it.
  Ahead(Source source, std::int64_t bytes);
  /// Waits for the table that is being made.
  ~Ahead();
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;

  /// The next table; one of no rows at the end, once. Throws what the source threw, after all that
  /// it had given.
  std::shared_ptr<arrow::Table> next();

 private:
  struct Made {
    std::shared_ptr<arrow::Table> table;
    std::int64_t bytes;
  };

  void make_all();

  Source source_;
  std::int64_t room_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Made> made_;
  std::int64_t made_bytes_ = 0;
  std::exception_ptr failure_;
  bool stopped_ = false;
  std::thread maker_;
};

}  // namespace daedalus
