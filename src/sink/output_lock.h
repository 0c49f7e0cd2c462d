// What only one process at a time may do below an output_root.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace daedalus {

class File;

/// A lock between all threads and processes that share an output_root, held for the object's life.
///
/// It is a lock of the kernel on `{name}.lock`, which ends with its process however that ends.
/// Where the file system has no such locks, it is the symbolic link `{name}.owner`, whose making is
/// exclusive on every file system and whose target is the ProcessIdentity of the holder: one that
/// is gone is recognised by that, and its link removed.
class OutputLock {
 public:
  static constexpr std::chrono::seconds kPatience{60};

  /// Waits for the lock. Throws Error{kEnvironment} when it can't be taken, or when a holder of
  /// which nothing can be known (of another host) has not changed for `patience`; kInterrupted.
  OutputLock(const std::filesystem::path& output_root, const std::string& name,
             std::chrono::milliseconds patience = kPatience);
  ~OutputLock();
  OutputLock(const OutputLock&) = delete;
  OutputLock& operator=(const OutputLock&) = delete;

  /// The lock if nobody has it, or null.
  static std::unique_ptr<OutputLock> try_take(const std::filesystem::path& output_root,
                                              const std::string& name);

  /// Removes the link of a holder that is gone, unless `dry_run`. Its path, or empty where there
  /// is none.
  static std::filesystem::path remove_stale_link(const std::filesystem::path& output_root,
                                                 const std::string& name, bool dry_run);

 private:
  OutputLock(const std::filesystem::path& output_root, const std::string& name, bool& taken);
  bool take();
  bool make_link();

  std::unique_ptr<File> file_;
  std::filesystem::path link_;
  bool has_link_ = false;
};

}  // namespace daedalus
