#include "engine/lance_use.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "daedalus/error.h"

namespace daedalus {
namespace {

// Read by a signal handler: no lock, no allocation. More at once than slots are not named.
using Slots = std::array<std::atomic<const char*>, 64>;

Slots& slots() {
  static Slots all{};
  return all;
}

void say(const char* text) { static_cast<void>(!::write(STDERR_FILENO, text, std::strlen(text))); }

void on_crash(int signal) {
  bool any = false;
  for (const auto& slot : slots()) {
    const char* what = slot.load();
    if (what == nullptr) continue;
    say(any ? ", " : "error: the reader of Lance datasets broke down while it read ");
    say(what);
    any = true;
  }
  if (any) {
    say("\n  fix: the dataset is damaged, or newer than the reader: repair or replace it. What was "
        "published stays\n");
    ::_exit(exit_code(ErrorKind::kInput));
  }
  ::raise(signal);  // The handler is gone by now: see SA_RESETHAND.
}

}  // namespace

LanceUse::LanceUse(std::string what) : what_(std::move(what)), slot_(0) {
  for (const char* none = nullptr; slot_ < slots().size(); ++slot_, none = nullptr) {
    if (slots()[slot_].compare_exchange_strong(none, what_.c_str())) return;
  }
}

LanceUse::~LanceUse() {
  if (slot_ < slots().size()) slots()[slot_] = nullptr;
}

void report_lance_crashes() {
  slots();
  // The stack of a reader that breaks down would bury what is said of it.
  ::setenv("RUST_BACKTRACE", "0", /*overwrite=*/1);
  struct sigaction action {};
  action.sa_handler = on_crash;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS}) sigaction(signal, &action, nullptr);
}

}  // namespace daedalus
