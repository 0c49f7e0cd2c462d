#include "process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <utility>

namespace daedalus {
namespace {

constexpr std::chrono::milliseconds kLook{1};
constexpr std::chrono::seconds kTimeLimit{120};

// Of a file without a name, from its beginning.
std::string text_of(std::FILE* file) {
  std::ifstream again("/proc/self/fd/" + std::to_string(::fileno(file)), std::ios::binary);
  return {std::istreambuf_iterator<char>(again), {}};
}

}  // namespace

// env(1) goes to the directory, sets the variables and becomes the program.
Process::Process(const std::filesystem::path& directory, std::vector<std::string> command,
                 const std::vector<std::string>& environment)
    : output_(std::tmpfile(), &std::fclose), errors_(std::tmpfile(), &std::fclose) {
  if (!output_ || !errors_) throw std::runtime_error("can't make a temporary file");
  command.insert(command.begin(), environment.begin(), environment.end());
  command.insert(command.begin(), {"env", "-C", directory.string()});
  std::vector<char*> arguments;
  for (std::string& each : command) arguments.push_back(each.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, ::fileno(output_.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, ::fileno(errors_.get()), STDERR_FILENO);
  const int failed =
      ::posix_spawnp(&pid_, arguments[0], &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) throw std::runtime_error("can't start " + command.back());
}

Process::~Process() {
  if (pid_ != 0) kill_after({});
}

Process::Process(Process&& other) noexcept
    : output_(std::move(other.output_)),
      errors_(std::move(other.errors_)),
      pid_(std::exchange(other.pid_, 0)),
      status_(other.status_) {}

void Process::kill_after(std::chrono::duration<double> time) {
  const auto end = std::chrono::steady_clock::now() + time;
  int status = 0;
  while (!status_) {
    if (::waitpid(pid_, &status, WNOHANG) != 0) {
      status_ = status;
    } else if (std::chrono::steady_clock::now() >= end) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, &status, 0);
      status_ = status;
    } else {
      std::this_thread::sleep_for(kLook);
    }
  }
}

int Process::exit_code() {
  kill_after(kTimeLimit);
  return WIFSIGNALED(*status_) ? -WTERMSIG(*status_) : WEXITSTATUS(*status_);
}

std::string Process::output() const { return text_of(output_.get()); }

std::string Process::errors() const { return text_of(errors_.get()); }

}  // namespace daedalus
