// Keeping what is known of text sources in output_root.
#pragma once

#include <filesystem>

#include "catalog/text_memory.h"

namespace daedalus {

/// Writes the files of `memory` that would be other than they are. Throws Error{kEnvironment}.
void keep_text_memory(const TextMemory& memory, const std::filesystem::path& output_root);

}  // namespace daedalus
