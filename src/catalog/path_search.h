// What stands at a source's path: its wildcards and partition fields against the directories.
#pragma once

#include <string>
#include <vector>

#include "catalog/path_pattern.h"

namespace daedalus {

/// A path that matches, and the partition that it names.
struct FoundPath {
  std::string path;
  PartitionFields fields;
  auto operator<=>(const FoundPath&) const = default;
};

/// The path of a source as a pattern: of files, or of Lance datasets, which are directories that
/// hold versions.
class PathPattern {
 public:
  enum class Of { kFiles, kLance };
  PathPattern(const std::string& path, Of what);

  /// The directory that all of it lies in: what stands before the first piece that isn't spelled
  /// out, and before the last piece. Ends in '/'; empty for the working directory.
  [[nodiscard]] std::string fixed_directory() const;

  /// What matches, in the order of the paths. Of files: links too, also those that lead nowhere,
  /// and, where the path spells out what a file's name ends in, directories of that name (but not
  /// with `**`). Throws Error{kInput} when a directory on the way can't be listed.
  [[nodiscard]] std::vector<FoundPath> find() const;

 private:
  bool is_absolute_;
  bool with_directories_ = false;
  Of what_;
  std::vector<NamePattern> pieces_;
};

}  // namespace daedalus
