#include "sink/process_identity.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace daedalus {
namespace {

constexpr const char* kUnknown = "-";

std::string this_host() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.front() == '\0' ? kUnknown : name.data();
}

std::string this_boot() {
  std::string id = kUnknown;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  return id;
}

std::string this_pid_namespace() {
  std::error_code error;
  const auto target = std::filesystem::read_symlink("/proc/self/ns/pid", error);
  return error ? kUnknown : target.string();
}

// When the process began, in ticks since the host did; empty when it doesn't run.
std::string start_of(int pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text;
  std::getline(file, text, '\0');
  // The name of the program comes second, in brackets, and may hold anything; the start is the 20th
  // word after it, and the state the first: a zombie has ended.
  const std::size_t end_of_name = text.rfind(')');
  if (end_of_name == std::string::npos) return {};
  std::istringstream words(text.substr(end_of_name + 1));
  std::string word;
  words >> word;
  if (word == "Z" || word == "X") return {};
  for (int i = 1; i < 20; ++i) words >> word;
  return word;
}

}  // namespace

ProcessIdentity ProcessIdentity::of_this_process() {
  const int pid = ::getpid();
  return {this_host(), this_boot(), this_pid_namespace(), pid, start_of(pid)};
}

std::optional<ProcessIdentity> ProcessIdentity::parse(const std::string& text) {
  ProcessIdentity identity;
  std::istringstream words(text);
  words >> identity.host >> identity.boot >> identity.pid_namespace >> identity.pid >>
      identity.started;
  if (words.fail()) return std::nullopt;
  return identity;
}

std::string ProcessIdentity::to_text() const {
  return fmt::format("{} {} {} {} {}", host, boot, pid_namespace, pid, started);
}

bool ProcessIdentity::is_of_this_host() const { return host == this_host(); }

std::optional<bool> ProcessIdentity::is_running() const {
  if (!is_of_this_host()) return std::nullopt;
  if (boot != this_boot()) return false;
  if (pid_namespace != this_pid_namespace()) return std::nullopt;
  return start_of(pid) == started;
}

}  // namespace daedalus
