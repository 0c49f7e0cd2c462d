#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace daedalus {

void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& step) {
  std::atomic<std::size_t> next{0};
  std::vector<std::exception_ptr> failures(count);
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        step(i);
      } catch (...) {
        failures[i] = std::current_exception();
        next = count;
      }
    }
  };
  {
    std::vector<std::jthread> others;
    const std::size_t helpers = std::min(count, static_cast<std::size_t>(std::max(threads, 1)));
    for (std::size_t i = 1; i < helpers; ++i) others.emplace_back(work);
    work();
  }
  const auto failure =
      std::ranges::find_if(failures, [](const auto& each) { return each != nullptr; });
  if (failure != failures.end()) std::rethrow_exception(*failure);
}

}  // namespace daedalus
