// Where a run makes what nobody is to read yet, and what becomes of it when the run is killed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "daedalus/clean.h"

namespace daedalus {

class File;

/// Where publishing puts the old day of `published` aside in a work directory, on a file system
/// that can't exchange names. Who removes the directory puts it back first, if it is missing.
std::filesystem::path aside_name(const std::filesystem::path& work_directory,
                                 const std::filesystem::path& published);

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
  void own();

  std::filesystem::path path_;
  std::unique_ptr<File> owner_;
};

/// Removes the work directories below output_root whose process is gone, in order; with `dry_run`
/// only finds them. A process of this host is gone when its lock is free, or, where the file system
/// has no locks, when its number is, or when it has not written its number for an hour. Those of
/// another host are kept: a lock need not be seen from one host to the other.
Leftovers remove_stale_work_directories(const std::filesystem::path& output_root,
                                        bool dry_run = false);

}  // namespace daedalus
