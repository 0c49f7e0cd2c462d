// How a day appears: a finished directory takes the place of the old one by one rename.
#pragma once

#include <filesystem>
#include <string>

namespace daedalus {

/// Writes `text` to `path` and syncs it. Throws Error{kEnvironment}.
void write_file_synced(const std::filesystem::path& path, const std::string& text);

/// Makes `staged` (a complete directory on the same file system, its files synced) the published
/// `published`: by RENAME_EXCHANGE where an older one stands (which is removed after), by a plain
/// rename otherwise; the names in both directories are synced. A reader sees the old day or the new
/// one, whole. Throws Error{kEnvironment}; then `published` is as it was, unless the disk failed
/// after the rename.
void publish_directory(const std::filesystem::path& staged, const std::filesystem::path& published);

/// What publish_directory() does on a file system that can't exchange names: the old day goes to
/// aside_name() beside `staged`, the new one in, and back if that fails. A reader may find neither
/// for an instant, or, when the process is killed in it, until the next run.
void replace_in_two_renames(const std::filesystem::path& staged,
                            const std::filesystem::path& published);

}  // namespace daedalus
