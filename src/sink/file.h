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

/// Throws Error{kEnvironment} when `path` is a symbolic link: what stands there is ours to write
/// and remove, wherever a link would lead.
void refuse_link(const std::filesystem::path& path);

/// What came of trying to lock a file.
enum class LockState {
  kOurs,         ///< Until the File is gone, or the process.
  kTaken,        ///< Another one has it.
  kUnsupported,  ///< The file system has no locks, or its lock server does not answer.
};

/// A file held open; closing it gives up its lock. Methods throw Error{kEnvironment}.
class File {
 public:
  /// Opens with the flags of open(2). A file that it may create is never a link to another.
  File(std::filesystem::path path, int flags);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void write(const std::string& text);
  void sync();

  /// Locks it, unless another File, of this process or another, has it locked.
  [[nodiscard]] LockState try_lock() const;

  /// Whether it is still the file that its path names.
  [[nodiscard]] bool is_at_its_path() const;

  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  std::filesystem::path path_;
  int descriptor_;
};

}  // namespace daedalus
