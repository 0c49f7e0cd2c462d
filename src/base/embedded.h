// The files built into the program: every sql/**/*.sql and config/**/*.yaml, under their path in
// the source tree, such as "sql/skeleton/target.sql". The build generates the definitions
// (cmake/embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace daedalus {

struct EmbeddedFile {
  std::string_view path;
  std::string_view text;
};

// All of them, sorted by path; empty when there are none.
std::span<const EmbeddedFile> embedded_files();

// The text of the file at `path`. Throws std::out_of_range, naming the path, when there is no such
// file: a caller that takes the path from a user looks through embedded_files() first.
std::string_view embedded_file(std::string_view path);

}  // namespace daedalus
