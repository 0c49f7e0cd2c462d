#include "sink/publish.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/syscall.h>

#include <cerrno>
#include <system_error>

#include "base/fault_point.h"
#include "sink/file.h"
#include "sink/work_directory.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;

constexpr int kAttempts =
    100;  // another process may publish the same day between two steps of ours

void remove_quietly(const fs::path& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

// The syscall itself: glibc has renameat2() from 2.28 on only. 0 or an errno.
int exchange(const fs::path& a, const fs::path& b) {
  const auto result =
      ::syscall(SYS_renameat2, AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE);
  return result == 0 ? 0 : errno;
}

int plain_rename(const fs::path& from, const fs::path& to) {
  return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

bool appeared_meanwhile(int error) { return error == ENOTEMPTY || error == EEXIST; }

}  // namespace

void write_file_synced(const fs::path& path, const std::string& text) {
  File file(path, O_WRONLY | O_CREAT | O_TRUNC);
  file.write(text);
  file.sync();
}

void replace_in_two_renames(const fs::path& staged, const fs::path& published) {
  const fs::path aside = aside_name(staged.parent_path(), published);
  for (int attempt = 1;; ++attempt) {
    if (const int error = plain_rename(published, aside); error != 0 && error != ENOENT)
      throw machine_error("can't replace", published, error);
    fault_point("publish.aside");
    const int error = plain_rename(staged, published);
    if (error == 0) break;
    const bool again = appeared_meanwhile(error) && attempt < kAttempts;
    if (!again) {
      plain_rename(aside, published);
      throw machine_error("can't publish", published, error);
    }
    remove_quietly(aside);  // another process has published a newer one than this
  }
  remove_quietly(aside);
}

void publish_directory(const fs::path& staged, const fs::path& published) {
  make_directories(published.parent_path());
  sync_path(staged);
  fault_point("publish.staged");
  for (int attempt = 1;; ++attempt) {
    int error = exchange(staged, published);
    if (error == 0) {
      fault_point("publish.exchanged");
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
    if (!appeared_meanwhile(error) || attempt == kAttempts)
      throw machine_error("can't publish", published, error);
  }
  sync_path(published.parent_path());
}

}  // namespace daedalus
