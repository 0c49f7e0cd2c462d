// How a day appears: a finished directory takes the place of the old one by one rename.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace daedalus {

class File;

/// A directory of this run's own below output_root, where files of a day are made before anybody
/// reads them. Removed with all it holds at the end of its life, however that comes:
/// remove_stale_work_directories() sees to those whose process was killed.
class WorkDirectory {
 public:
  /// Makes `output_root/_work/{name}-{pid}-{random}`, and beside it a locked file `….owner` that
  /// says whose it is. Throws Error{kEnvironment} when it can't.
  WorkDirectory(const std::filesystem::path& output_root, const std::string& name);
  ~WorkDirectory();
  WorkDirectory(const WorkDirectory&) = delete;
  WorkDirectory& operator=(const WorkDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::unique_ptr<File> owner_;
};

/// Removes the work directories below output_root whose process is gone, and returns them, in
/// order; with `dry_run` those that it would remove. Only this host's are looked at: a lock is good
/// evidence of life here alone. What can't be removed stays, without an error.
std::vector<std::filesystem::path> remove_stale_work_directories(
    const std::filesystem::path& output_root, bool dry_run = false);

/// Writes `text` to `path` and syncs it. Throws Error{kEnvironment}.
void write_file_synced(const std::filesystem::path& path, const std::string& text);

/// Makes `staged` (a complete directory on the same file system, its files synced) the published
/// `published`: by RENAME_EXCHANGE where an older one stands (which is removed after), by a plain
/// rename otherwise; the names in both directories are synced. A reader sees the old day or the new
/// one, whole. Throws Error{kEnvironment}; then `published` is as it was, unless the disk failed
/// after the rename.
void publish_directory(const std::filesystem::path& staged, const std::filesystem::path& published);

/// What publish_directory() does on a file system that can't exchange names: the old day goes to a
/// `_` name beside `staged`, the new one in, and back if that fails. A reader may find neither for
/// an instant.
void replace_in_two_renames(const std::filesystem::path& staged,
                            const std::filesystem::path& published);

}  // namespace daedalus
