// What is read by the Lance extension at the moment. Its reader ends the process where a dataset is
// damaged (it is Rust, built to abort on a panic), so no exception can tell of it.
#pragma once

#include <cstddef>
#include <string>

namespace daedalus {

/// As long as it lives, `what` counts as being read.
class LanceUse {
 public:
  explicit LanceUse(std::string what);
  ~LanceUse();
  LanceUse(const LanceUse&) = delete;
  LanceUse& operator=(const LanceUse&) = delete;

 private:
  std::string what_;
  std::size_t slot_;
};

/// For the owner of the process: from here on, when it dies of SIGABRT, SIGSEGV or SIGBUS while
/// something is read by Lance, standard error says what that was and the exit code is that of
/// kInput. Any other death is as before.
void report_lance_crashes();

}  // namespace daedalus
