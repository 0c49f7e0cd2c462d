// A file of a run's own beside the published days, replaced whole.
#pragma once

#include <filesystem>
#include <string>

namespace daedalus {

/// Writes `text` as the file `name` of `output_root`, by one rename: who reads it sees the old one
/// or the new one. `fault` names the moment before the rename. Throws Error{kEnvironment}.
void replace_file(const std::filesystem::path& output_root, const std::string& name,
                  const std::string& text, const char* fault);

}  // namespace daedalus
