// Removing what killed runs left below output_root.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace daedalus {

/// A leftover that stays, and why.
struct KeptLeftover {
  std::filesystem::path path;
  std::string why;       ///< E.g. "process 12 of host b made it", or the machine's refusal.
  bool refused = false;  ///< The machine refused to remove it.
};

/// What became of the leftovers of dead runs.
struct Leftovers {
  std::vector<std::filesystem::path> removed;  ///< Or would be, in a dry run.
  std::vector<KeptLeftover> kept;
};

/// Removes work directories without a living owner and temporaries of the qid map; with `dry_run`
/// only finds them. What belongs to a living run of this host is no leftover; what belongs to one
/// of another host is kept, since it may be living, and so is what can't be removed. Throws
/// Error{kEnvironment} when output_root can't be read.
Leftovers remove_leftovers(const std::filesystem::path& output_root, bool dry_run = false);

}  // namespace daedalus
