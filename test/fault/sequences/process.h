// A program that runs beside the test, and can be killed.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace daedalus {

constexpr int kKilled = -SIGKILL;  // as exit_code() tells it

class Process {
 public:
  /// Starts `command` in `directory`, with these NAME=VALUE added to the environment.
  Process(const std::filesystem::path& directory, std::vector<std::string> command,
          const std::vector<std::string>& environment = {});
  ~Process();  // kills what still runs
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Waits that long for its end, and then kills it.
  void kill_after(std::chrono::duration<double> time);

  /// Waits for its end. Negative: the signal that ended it. One that takes minutes is killed.
  int exit_code();

  /// What it has written to stdout and to stderr.
  [[nodiscard]] std::string output() const;
  [[nodiscard]] std::string errors() const;

 private:
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

  File output_;
  File errors_;
  pid_t pid_ = 0;
  std::optional<int> status_;  // once it has ended
};

}  // namespace daedalus
