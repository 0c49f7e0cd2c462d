// Lets the days of a run pass one point in their order, however many run at once: the qids depend
// on it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

namespace daedalus {

/// A point that day 0 passes first, then day 1, and so on.
class Turnstile {
 public:
  explicit Turnstile(std::size_t days) : passed_(days, false) {}

  /// Waits until all days before `day` have passed.
  void wait(std::size_t day) {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [&] { return next_ >= day; });
  }

  /// `day` has passed, or never will. May be said more than once.
  void pass(std::size_t day) {
    const std::lock_guard lock(mutex_);
    passed_[day] = true;
    while (next_ < passed_.size() && passed_[next_]) ++next_;
    moved_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable moved_;
  std::vector<bool> passed_;
  std::size_t next_ = 0;
};

}  // namespace daedalus
