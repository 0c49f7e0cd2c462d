// Files as the sink needs them: locked, synced, and with the machine's refusals as
// Error{kEnvironment}.
#pragma once

#include <filesystem>
#include <string>

#include "daedalus/error.h"

namespace daedalus {

/// "`what` PATH: the text of `number`", of kind kEnvironment. `number` is an errno.
Error machine_error(const std::string& what, const std::filesystem::path& path, int number);

/// "PID-RANDOM": a suffix that no other process or thread takes.
std::string unique_suffix();

/// Syncs a file, or the names in a directory, to disk. Throws Error{kEnvironment}.
void sync_path(const std::filesystem::path& path);

/// Makes a directory and its parents, if they don't stand yet. Throws Error{kEnvironment}.
void make_directories(const std::filesystem::path& path);

/// A file held open; closing it gives up its lock. Methods throw Error{kEnvironment}.
class File {
 public:
  /// Opens with the flags of open(2).
  File(std::filesystem::path path, int flags);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void write(const std::string& text);
  void sync();

  /// Waits until no other File, of this process or another, has this file locked, and locks it.
  void lock();
  /// Locks it unless another one has it locked, or the file system has no locks: false then.
  [[nodiscard]] bool try_lock() const;

  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  std::filesystem::path path_;
  int descriptor_;
};

}  // namespace daedalus
