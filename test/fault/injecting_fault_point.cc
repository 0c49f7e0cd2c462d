// fault_point() as daeda_faults has it: it notes which points are passed, and fails at one of them.
//
//   DAEDALUS_FAULT_TRACE=FILE        append the name of each point as it is passed
//   DAEDALUS_FAULT=POINT:PASS:KIND   at the PASS-th passing of POINT (from 1) do KIND:
//     error      throw an exception that nobody expects
//     enospc     throw what a full disk gives
//     eio        throw what a broken disk gives
//     bad_alloc  throw what an exhausted memory gives
//     sigterm    be told to stop, as by a person
//     wait       stand still until it is told to stop
//     sigstop    stand still until it is told to go on
//     sigkill    die at once, as by the OOM killer or a power cut
//   DAEDALUS_FAULT=POINT:COUNT:meet  hold each thread at POINT until so many have come there
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

#include "base/fault_point.h"
#include "engine/duckdb_error.h"
#include "sink/file.h"

namespace daedalus {
namespace {

struct Fault {
  std::string point;
  int pass = 0;
  std::string kind;
};

std::string from_environment(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? "" : text;
}

Fault parse_fault(const std::string& text) {
  const std::size_t first = text.find(':');
  const std::size_t second = text.find(':', first + 1);
  if (first == std::string::npos || second == std::string::npos) return {};
  return {text.substr(0, first), std::stoi(text.substr(first + 1, second - first - 1)),
          text.substr(second + 1)};
}

void note(std::string_view name) {
  static const std::string path = from_environment("DAEDALUS_FAULT_TRACE");
  if (path.empty()) return;
  File(path, O_WRONLY | O_CREAT | O_APPEND).write(fmt::format("{}\n", name));
}

void fail(const std::string& point, const std::string& kind) {
  if (kind == "sigkill") ::raise(SIGKILL);
  if (kind == "sigstop") {
    ::kill(::getpid(), SIGSTOP);
    return;
  }
  if (kind == "enospc") throw machine_error("can't pass the fault point", point, ENOSPC);
  if (kind == "eio") throw machine_error("can't pass the fault point", point, EIO);
  if (kind == "bad_alloc") throw std::bad_alloc();
  if (kind == "sigterm") ::kill(::getpid(), SIGTERM);
  if (kind == "sigterm" || kind == "wait") {
    // Until the watcher has heard of it, so that what follows is stopped every time.
    while (!is_interrupted()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return;
  }
  throw std::runtime_error("the fault point " + point);
}

}  // namespace

void fault_point(std::string_view name) {
  note(name);
  static const Fault fault = parse_fault(from_environment("DAEDALUS_FAULT"));
  static std::atomic<int> passes{0};
  if (name != fault.point) return;
  const int pass = ++passes;
  passes.notify_all();
  if (fault.kind == "meet") {
    for (int come = pass; come < fault.pass; come = passes) passes.wait(come);
  } else if (pass == fault.pass) {
    fail(fault.point, fault.kind);
  }
}

}  // namespace daedalus
