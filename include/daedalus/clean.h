// Removing what killed runs left below output_root.
#pragma once

#include <filesystem>
#include <vector>

namespace daedalus {

/// Removes work directories without a living owner and temporaries of the qid map, and returns
/// their paths; with `dry_run` it only returns them. What belongs to a living run, or to one of
/// another host, stays; so does what can't be removed. Throws Error{kEnvironment}.
std::vector<std::filesystem::path> remove_leftovers(const std::filesystem::path& output_root,
                                                    bool dry_run = false);

}  // namespace daedalus
