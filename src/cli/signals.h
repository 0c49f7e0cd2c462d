// Ctrl-C: turns SIGINT and SIGTERM into interrupt().
#pragma once

#include <atomic>
#include <csignal>
#include <thread>

namespace daedalus::cli {

/// While it lives, the first SIGINT or SIGTERM calls interrupt(), and the second ends the process
/// at once with exit code 130. Make it before other threads start: they inherit the blocked
/// signals.
class SignalWatcher {
 public:
  SignalWatcher();
  ~SignalWatcher();
  SignalWatcher(const SignalWatcher&) = delete;
  SignalWatcher& operator=(const SignalWatcher&) = delete;

 private:
  void watch();

  sigset_t signals_{};
  sigset_t mask_before_{};
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace daedalus::cli
