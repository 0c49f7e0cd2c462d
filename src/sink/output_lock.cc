#include "sink/output_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>

#include "engine/engine.h"
#include "sink/file.h"
#include "sink/process_identity.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kBetweenTries{5};

// Empty when there is none.
std::string holder_in(const fs::path& link) {
  std::error_code ignored;
  return fs::read_symlink(link, ignored).string();
}

// Whether the process that made a link runs; absent where this host can't know.
std::optional<bool> is_running(const std::string& holder) {
  const auto identity = ProcessIdentity::parse(holder);
  return identity ? identity->is_running() : std::nullopt;
}

// Only processes of the holder's own host call it gone. They take turns by a lock on a directory of
// that host, so that none removes the link that another has made since.
void remove_if_gone(const fs::path& link) {
  const File turn(fs::temp_directory_path(), O_RDONLY | O_DIRECTORY);
  if (turn.try_lock() == LockState::kOurs && is_running(holder_in(link)) == false)
    ::unlink(link.c_str());
}

Error held_error(const fs::path& link, const std::string& holder) {
  const auto identity = ProcessIdentity::parse(holder);
  const std::string who =
      identity ? fmt::format("process {} of host {}", identity->pid, identity->host) : holder;
  return {ErrorKind::kEnvironment,
          fmt::format("{} is the lock of {}, which this host can't ask whether it still runs",
                      link.string(), who),
          fmt::format("wait for it; if it is gone, remove {}", link.string())};
}

}  // namespace

OutputLock::OutputLock(const fs::path& output_root, const std::string& name, bool& taken)
    : file_(std::make_unique<File>(output_root / (name + ".lock"), O_RDWR | O_CREAT)),
      link_(output_root / (name + ".owner")) {
  taken = take();
}

OutputLock::OutputLock(const fs::path& output_root, const std::string& name,
                       std::chrono::milliseconds patience)
    : file_(std::make_unique<File>(output_root / (name + ".lock"), O_RDWR | O_CREAT)),
      link_(output_root / (name + ".owner")) {
  using Clock = std::chrono::steady_clock;
  std::string holder;
  Clock::time_point since = Clock::now();
  while (!take()) {
    Engine::throw_if_interrupted();
    const std::string now = holder_in(link_);
    if (now != holder || now.empty() || is_running(now)) since = Clock::now();
    if (Clock::now() - since >= patience && !now.empty()) throw held_error(link_, now);
    holder = now;
    std::this_thread::sleep_for(kBetweenTries);
  }
}

OutputLock::~OutputLock() {
  if (has_link_) ::unlink(link_.c_str());
}

std::unique_ptr<OutputLock> OutputLock::try_take(const fs::path& output_root,
                                                 const std::string& name) {
  bool taken = false;
  std::unique_ptr<OutputLock> lock(new OutputLock(output_root, name, taken));
  return taken ? std::move(lock) : nullptr;
}

fs::path OutputLock::remove_stale_link(const fs::path& output_root, const std::string& name,
                                       bool dry_run) {
  fs::path link = output_root / (name + ".owner");
  if (is_running(holder_in(link)) != false) return {};
  if (!dry_run) remove_if_gone(link);
  return link;
}

bool OutputLock::take() {
  switch (file_->try_lock()) {
    case LockState::kOurs:
      return true;
    case LockState::kTaken:
      return false;
    case LockState::kUnsupported:
      break;
  }
  return make_link();
}

bool OutputLock::make_link() {
  if (is_running(holder_in(link_)) == false) remove_if_gone(link_);
  // Who holds it twice in a row makes two different links, so that who waits sees it change.
  const std::string holder =
      fmt::format("{} {}", ProcessIdentity::of_this_process().to_text(), unique_suffix());
  has_link_ = ::symlink(holder.c_str(), link_.c_str()) == 0;
  if (!has_link_ && errno != EEXIST) throw machine_error("can't make the lock", link_, errno);
  return has_link_;
}

}  // namespace daedalus
