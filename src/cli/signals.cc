#include "cli/signals.h"

#include <pthread.h>
#include <unistd.h>

#include "daedalus/error.h"
#include "daedalus/skeleton.h"

namespace daedalus::cli {

SignalWatcher::SignalWatcher() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, &mask_before_);
  thread_ = std::thread([this] { watch(); });
}

SignalWatcher::~SignalWatcher() {
  stopping_ = true;
  pthread_kill(thread_.native_handle(), SIGINT);  // wakes sigwait(); the thread sees stopping_
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

void SignalWatcher::watch() {
  for (bool interrupted = false;; interrupted = true) {
    int signal = 0;
    sigwait(&signals_, &signal);
    if (stopping_) return;
    if (interrupted) _exit(exit_code(ErrorKind::kInterrupted));
    interrupt();
  }
}

}  // namespace daedalus::cli
