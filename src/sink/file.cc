#include "sink/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <system_error>
#include <utility>

#include "base/advice.h"

namespace daedalus {
namespace {

constexpr mode_t kMode = 0666;  // the umask takes from it

std::string fix_for(int number) {
  switch (number) {
    case ENOSPC:
    case EDQUOT:
      return "free some disk space, or set output_root to a disk with more";
    case EACCES:
    case EPERM:
    case EROFS:
      return "make it writable, or set output_root to another place";
    case EMFILE:
    case ENFILE:
      return kRaiseFileLimit;
    default:
      return {};
  }
}

Error link_error(const std::filesystem::path& path) {
  return {ErrorKind::kEnvironment,
          fmt::format("{} is a symbolic link, and a run would write or remove what it leads to",
                      path.string()),
          "remove the link; output_root itself may be one"};
}

}  // namespace

Error machine_error(const std::string& what, const std::filesystem::path& path, int number) {
  const std::string why = std::generic_category().message(number);
  return {ErrorKind::kEnvironment, fmt::format("{} {}: {}", what, path.string(), why),
          fix_for(number)};
}

std::string unique_suffix() {
  std::random_device random;
  return fmt::format("{}-{:08x}{:08x}", ::getpid(), random(), random());
}

void sync_path(const std::filesystem::path& path) { File(path, O_RDONLY).sync(); }

void make_directories(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw machine_error("can't make the directory", path, error.value());
}

void refuse_link(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_symlink(path, ignored)) throw link_error(path);
}

File::File(std::filesystem::path path, int flags)
    : path_(std::move(path)),
      descriptor_(::open(path_.c_str(),
                         flags | O_CLOEXEC | ((flags & O_CREAT) != 0 ? O_NOFOLLOW : 0), kMode)) {
  if (descriptor_ < 0 && errno == ELOOP) throw link_error(path_);
  if (descriptor_ < 0) throw machine_error("can't open", path_, errno);
}

File::~File() { ::close(descriptor_); }

void File::write(const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = ::write(descriptor_, text.data() + done, text.size() - done);
    if (written >= 0) {
      done += static_cast<std::size_t>(written);
    } else if (errno != EINTR) {
      throw machine_error("can't write", path_, errno);
    }
  }
}

void File::sync() {
  // Some file systems have nothing to sync in a directory, and say so with EINVAL.
  if (::fsync(descriptor_) != 0 && errno != EINVAL) throw machine_error("can't sync", path_, errno);
}

LockState File::try_lock() const {
  while (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return LockState::kTaken;
    if (errno != EINTR) return LockState::kUnsupported;
  }
  return LockState::kOurs;
}

bool File::is_at_its_path() const {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor_, &opened) == 0 && ::stat(path_.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

}  // namespace daedalus
