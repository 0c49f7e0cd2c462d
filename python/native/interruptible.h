// Long calls into the library: without the GIL, and stopped by Ctrl-C.
#pragma once

#include <nanobind/nanobind.h>

#include <chrono>
#include <exception>
#include <future>
#include <mutex>
#include <utility>

#include "daedalus/skeleton.h"

namespace daedalus::binding {

namespace nb = nanobind;

/// Why a call must stop: a Python exception that came up while it ran.
class StopCause {
 public:
  /// To be called with the GIL, and with a Python exception set. The first cause counts.
  void stop() {
    auto cause = std::make_exception_ptr(nb::python_error());
    const std::lock_guard lock(mutex_);
    if (cause_ != nullptr) return;
    cause_ = std::move(cause);
    interrupt();
  }
  [[nodiscard]] std::exception_ptr cause() const {
    const std::lock_guard lock(mutex_);
    return cause_;
  }

 private:
  mutable std::mutex mutex_;
  std::exception_ptr cause_;
};

/// The result of `work()`, which runs in another thread and without the GIL. A pending signal whose
/// handler raises, as Ctrl-C's does, or a cause that `work` itself gave, interrupts the library;
/// the Python exception is thrown once `work` has ended.
template <typename Work>
auto run_interruptible(Work work, StopCause& cause) {
  std::future<decltype(work())> result;
  {
    const nb::gil_scoped_release without_gil;
    result = std::async(std::launch::async, std::move(work));
    while (result.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready) {
      const nb::gil_scoped_acquire with_gil;
      if (PyErr_CheckSignals() != 0) cause.stop();
    }
  }
  const std::exception_ptr stopped = cause.cause();
  if (stopped == nullptr) return result.get();
  resume();
  try {
    result.get();
  } catch (...) {  // The run's own end does not matter beside what stopped it.
  }
  std::rethrow_exception(stopped);
}

template <typename Work>
auto run_interruptible(Work work) {
  StopCause cause;
  return run_interruptible(std::move(work), cause);
}

}  // namespace daedalus::binding
