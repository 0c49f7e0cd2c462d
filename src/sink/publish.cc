#include "sink/publish.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <vector>

#include "sink/file.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOwnerExtension = ".owner";
constexpr int kAttempts =
    100;  // another process may remove `_work`, or publish the same day, between two steps of ours

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

fs::path with_owner_extension(fs::path directory) { return directory += kOwnerExtension; }

void remove_quietly(const fs::path& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

// Removes `_work` when nobody uses it; a directory with something in it stays.
void remove_if_empty(const fs::path& directory) { ::rmdir(directory.c_str()); }

// The syscall itself: glibc has renameat2() from 2.28 on only. 0 or an errno.
int exchange(const fs::path& a, const fs::path& b) {
  const auto result =
      ::syscall(SYS_renameat2, AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE);
  return result == 0 ? 0 : errno;
}

int plain_rename(const fs::path& from, const fs::path& to) {
  return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

// Whether the process that made `directory` is gone: only its end, or that of the machine, gives up
// its lock.
bool is_abandoned(File& owner, const fs::path& owner_path) {
  if (!owner.try_lock()) return false;
  std::string host;
  std::ifstream(owner_path) >> host;
  return !host.empty() && host == host_name();
}

// The owner's file goes last: as long as it stands, a later run sees to the rest.
bool remove_with_owner(const fs::path& directory) {
  remove_quietly(directory);
  std::error_code ignored;
  if (fs::exists(directory, ignored)) return false;
  remove_quietly(with_owner_extension(directory));
  return true;
}

}  // namespace

WorkDirectory::WorkDirectory(const fs::path& output_root, const std::string& name) {
  const fs::path work = output_root / "_work";
  path_ = work / fmt::format("{}-{}", name, unique_suffix());
  for (int attempt = 1; owner_ == nullptr; ++attempt) {
    make_directories(work);
    try {
      owner_ = std::make_unique<File>(with_owner_extension(path_), O_RDWR | O_CREAT | O_EXCL);
    } catch (const Error&) {
      if (attempt == kAttempts || fs::exists(work)) throw;
    }
  }
  // Locked before it has a text, and synced before there is a directory: no one takes it for
  // abandoned in between, and none is left without an owner. Who cleans up may hold the lock for an
  // instant: wait. Without locks on this file system it is never taken for abandoned.
  try {
    owner_->lock();
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch)
  }
  owner_->write(fmt::format("{} {}\n", host_name(), ::getpid()));
  owner_->sync();
  make_directories(path_);
}

WorkDirectory::~WorkDirectory() {
  remove_with_owner(path_);
  remove_if_empty(path_.parent_path());
}

std::vector<fs::path> remove_stale_work_directories(const fs::path& output_root, bool dry_run) {
  const fs::path work = output_root / "_work";
  std::vector<fs::path> owners;
  std::error_code ignored;
  for (fs::directory_iterator at(work, ignored), end; at != end; at.increment(ignored)) {
    if (at->path().extension() == kOwnerExtension) owners.push_back(at->path());
  }
  std::vector<fs::path> removed;
  for (const fs::path& owner_path : owners) {
    try {
      File owner(owner_path, O_RDWR);
      if (!is_abandoned(owner, owner_path)) continue;
      fs::path directory = owner_path;
      directory.replace_extension();
      if (dry_run || remove_with_owner(directory)) removed.push_back(directory);
    } catch (const Error&) {
      continue;  // its own process has just removed it, or it is another user's
    }
  }
  if (!dry_run) remove_if_empty(work);
  std::ranges::sort(removed);
  return removed;
}

void write_file_synced(const fs::path& path, const std::string& text) {
  File file(path, O_WRONLY | O_CREAT | O_TRUNC);
  file.write(text);
  file.sync();
}

void replace_in_two_renames(const fs::path& staged, const fs::path& published) {
  const fs::path aside = staged.parent_path() / fmt::format("_old-{}", unique_suffix());
  if (const int error = plain_rename(published, aside); error != 0 && error != ENOENT) {
    throw machine_error("can't replace", published, error);
  }
  if (const int error = plain_rename(staged, published); error != 0) {
    plain_rename(aside, published);
    throw machine_error("can't publish", published, error);
  }
  remove_quietly(aside);
}

void publish_directory(const fs::path& staged, const fs::path& published) {
  make_directories(published.parent_path());
  sync_path(staged);
  for (int attempt = 1;; ++attempt) {
    int error = exchange(staged, published);
    if (error == 0) {
      sync_path(published.parent_path());
      remove_quietly(staged);
      return;
    }
    if (error == EINVAL || error == ENOSYS) {
      replace_in_two_renames(staged, published);
      break;
    }
    if (error == ENOENT) error = plain_rename(staged, published);
    if (error == 0) break;
    const bool appeared_meanwhile = error == ENOTEMPTY || error == EEXIST;
    if (!appeared_meanwhile || attempt == kAttempts)
      throw machine_error("can't publish", published, error);
  }
  sync_path(published.parent_path());
}

}  // namespace daedalus
