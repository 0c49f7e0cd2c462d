#include "sink/work_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <optional>
#include <system_error>
#include <vector>

#include "base/fault_point.h"
#include "sink/file.h"
#include "sink/process_identity.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOwnerExtension = ".owner";
constexpr const char* kAside = "_old-";
constexpr int kAttempts = 20;  // another process may remove `_work`, or our file as an empty one

fs::path with_owner_extension(fs::path directory) { return directory += kOwnerExtension; }

// Names in a directory with this start or end; none where it can't be read.
template <typename Test>
std::vector<fs::path> entries(const fs::path& directory, Test test) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (fs::directory_iterator at(directory, ignored), end; at != end; at.increment(ignored)) {
    if (test(at->path().filename().string())) found.push_back(at->path());
  }
  std::ranges::sort(found);
  return found;
}

// Removes `_work` when nobody uses it; a directory with something in it stays.
void remove_if_empty(const fs::path& directory) { ::rmdir(directory.c_str()); }

// Puts back the days that publishing had put aside when it was stopped.
void restore_days(const fs::path& directory, std::error_code& error) {
  const fs::path output_root = directory.parent_path().parent_path();
  for (const fs::path& aside :
       entries(directory, [](const std::string& name) { return name.starts_with(kAside); })) {
    const fs::path published = output_root / aside.filename().string().substr(5);
    std::error_code refusal;
    // Where a day stands, it is the new one; RENAME never replaces a directory that holds files.
    if (!fs::exists(published, refusal)) fs::rename(aside, published, refusal);
    if (refusal && !fs::exists(published)) error = refusal;
  }
}

// The owner's file goes last: as long as it stands, a later run sees to the rest.
std::error_code remove_with_owner(const fs::path& directory) {
  std::error_code error;
  restore_days(directory, error);
  if (!error) fs::remove_all(directory, error);
  if (!error) fs::remove(with_owner_extension(directory), error);
  return error;
}

// Who made a work directory, and whether that process runs; absent where it can't be known.
struct Owner {
  std::string text;
  std::optional<bool> is_running;
};

// Of another time than one in which a process gets from one step to the next, whatever the clock of
// a file server.
bool is_old(const fs::path& path) {
  std::error_code error;
  const auto written = fs::last_write_time(path, error);
  return !error && fs::file_time_type::clock::now() - written > std::chrono::hours(1);
}

Owner look_at_owner(const File& file, const fs::path& path) {
  Owner owner;
  std::getline(std::ifstream(path), owner.text);
  const auto identity = ProcessIdentity::parse(owner.text);
  const LockState lock = file.try_lock();
  const bool has_begun = !owner.text.empty() || fs::exists(fs::path(path).replace_extension());
  if (lock == LockState::kTaken) {
    owner.is_running = true;
  } else if (!has_begun) {
    // It is about to write who it is, or was killed before.
    if (lock == LockState::kOurs || is_old(path)) owner.is_running = false;
  } else if (lock == LockState::kUnsupported) {
    if (identity) owner.is_running = identity->is_running();
  } else if (identity && identity->is_of_this_host()) {
    owner.is_running = false;
  }
  return owner;
}

std::string who_made(const Owner& owner) {
  const auto identity = ProcessIdentity::parse(owner.text);
  if (!identity) return "nothing says who made it";
  return fmt::format("process {} of host {} made it, and may be running there", identity->pid,
                     identity->host);
}

}  // namespace

fs::path aside_name(const fs::path& work_directory, const fs::path& published) {
  return work_directory / (kAside + published.filename().string());
}

WorkDirectory::WorkDirectory(const fs::path& output_root, const std::string& name)
    : path_(output_root / "_work" / fmt::format("{}-{}", name, unique_suffix())) {
  try {
    own();
    fault_point("work.owned");
    make_directories(path_);
  } catch (...) {
    if (owner_ != nullptr) static_cast<void>(remove_with_owner(path_));
    remove_if_empty(path_.parent_path());
    throw;
  }
}

// The owner's file is locked before it has a text, and synced before there is a directory: no one
// takes the directory for abandoned in between, and none is left without an owner.
void WorkDirectory::own() {
  const fs::path work = path_.parent_path();
  const std::string identity = ProcessIdentity::of_this_process().to_text() + "\n";
  for (int attempt = 1;; ++attempt) {
    refuse_link(work);
    try {
      make_directories(work);
      owner_ = std::make_unique<File>(with_owner_extension(path_), O_RDWR | O_CREAT | O_EXCL);
    } catch (const Error&) {
      // Another run may have removed `_work` in between, and a third have made it again.
      if (attempt == kAttempts) throw;
      continue;
    }
    // Who cleans up may hold the lock for an instant, and may have taken the file for a dead one's.
    while (owner_->try_lock() == LockState::kTaken) ::usleep(1000);
    if (owner_->is_at_its_path() || attempt == kAttempts) break;
  }
  owner_->write(identity);
  owner_->sync();
}

WorkDirectory::~WorkDirectory() {
  static_cast<void>(remove_with_owner(path_));  // what is left, a later run sees to
  remove_if_empty(path_.parent_path());
}

Leftovers remove_stale_work_directories(const fs::path& output_root, bool dry_run) {
  const fs::path work = output_root / "_work";
  refuse_link(work);
  Leftovers leftovers;
  for (const fs::path& path :
       entries(work, [](const std::string& name) { return name.ends_with(kOwnerExtension); })) {
    const fs::path directory = fs::path(path).replace_extension();
    try {
      const File file(path, O_RDWR);
      const Owner owner = look_at_owner(file, path);
      if (owner.is_running == true) continue;
      if (!owner.is_running) {
        leftovers.kept.push_back({directory, who_made(owner)});
        continue;
      }
      const std::error_code error = dry_run ? std::error_code() : remove_with_owner(directory);
      if (error) {
        leftovers.kept.push_back({directory, error.message(), true});
      } else {
        leftovers.removed.push_back(directory);
      }
    } catch (const Error& error) {
      // Its own process may just have removed it.
      if (fs::exists(path)) leftovers.kept.push_back({directory, error.what(), true});
    }
  }
  if (!dry_run) remove_if_empty(work);
  return leftovers;
}

}  // namespace daedalus
