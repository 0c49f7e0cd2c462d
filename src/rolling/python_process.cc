#include "rolling/python_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>

#include "daedalus/error.h"
#include "engine/engine.h"

namespace daedalus {
namespace {

constexpr std::chrono::milliseconds kLook{20};  // how soon its end or an interruption is seen

// Python's own switch for it, -P, is only there from 3.11 on.
const std::string kSafePath = "import sys; sys.path[:] = filter(None, sys.path)\n";

using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

// The child's stdin and stdout are /dev/null, its stderr is `errors`; it takes the signals again
// that we block for our watcher.
pid_t spawn(const std::vector<std::string>& command, int errors) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::vector<char*> arguments;
  for (const std::string& each : command) arguments.push_back(const_cast<char*>(each.c_str()));
  arguments.push_back(nullptr);
  pid_t pid = 0;
  const int failed =
      ::posix_spawnp(&pid, arguments[0], &files, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (failed == 0) return pid;
  throw Error(ErrorKind::kConfig,
              fmt::format("can't start {}: {}", command.front(), std::strerror(failed)),
              "install Python 3.10 or later, or name an interpreter in DAEDALUS_PYTHON");
}

// The status with which `pid` ends, which it does soon once we are interrupted.
int wait_for(pid_t pid) {
  int status = 0;
  try {
    while (::waitpid(pid, &status, WNOHANG) == 0) {
      Engine::throw_if_interrupted();
      std::this_thread::sleep_for(kLook);
    }
  } catch (const Error&) {
    ::kill(pid, SIGTERM);
    ::waitpid(pid, &status, 0);
    throw;
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string text_of(std::FILE* file) {
  std::string text;
  std::rewind(file);
  std::array<char, 4096> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file))
    text.append(buffer.data(), got);
  return text;
}

}  // namespace

std::string python_command() {
  const char* named = std::getenv("DAEDALUS_PYTHON");
  return named != nullptr && *named != '\0' ? named : "python3";
}

ProcessResult run_python(const std::string& code, const std::vector<std::string>& arguments) {
  std::vector<std::string> command{python_command(), "-c", kSafePath + code};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const File errors(std::tmpfile(), &std::fclose);
  if (errors == nullptr) {
    throw Error(ErrorKind::kEnvironment,
                fmt::format("can't make a temporary file: {}", std::strerror(errno)));
  }
  const int exit_code = wait_for(spawn(command, ::fileno(errors.get())));
  return {exit_code, text_of(errors.get())};
}

}  // namespace daedalus
