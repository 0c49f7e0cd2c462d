#include "catalog/text_place.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <string_view>

namespace daedalus {
namespace {

using Characters = std::istreambuf_iterator<char>;

// The line on which record `number` of a CSV begins. Lines without anything are no records.
std::int64_t csv_line(std::istream& file, std::int64_t number) {
  std::int64_t line = 1;
  std::int64_t begun = 1;     // the line on which the present record begins
  std::int64_t records = -1;  // before the header
  bool quoted = false;
  bool empty = true;
  for (Characters at(file), end; at != end; ++at) {
    const char c = *at;
    if (c == '\n') ++line;
    if (c == '"') quoted = !quoted;
    if (quoted || c == '\r') {
      empty = empty && c == '\r';
    } else if (c != '\n') {
      empty = false;
    } else {
      if (!empty && ++records == number) return begun;
      empty = true;
      begun = line;
    }
  }
  return !empty && records + 1 == number ? begun : 0;
}

// The line on which the object `number` of a JSON begins.
std::int64_t json_line(std::istream& file, std::int64_t number) {
  std::int64_t line = 1;
  std::int64_t records = 0;
  std::int64_t depth = 0;
  bool quoted = false;
  bool escaped = false;
  for (Characters at(file), end; at != end; ++at) {
    const char c = *at;
    if (c == '\n') ++line;
    if (quoted) {
      quoted = escaped || c != '"';
      escaped = !escaped && c == '\\';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{') {
      if (depth++ == 0 && ++records == number) return line;
    } else if (c == '}') {
      --depth;
    }
  }
  return 0;
}

bool is_compressed(std::string_view path) {
  return path.ends_with(".gz") || path.ends_with(".zst");
}

}  // namespace

std::string place_of_record(const std::string& path, SourceFormat format, std::int64_t number) {
  std::ifstream file(path, std::ios::binary);
  std::int64_t line = 0;
  if (file && !is_compressed(path))
    line = format == SourceFormat::kCsv ? csv_line(file, number) : json_line(file, number);
  return line > 0 ? fmt::format("line {}", line) : fmt::format("record {}", number);
}

}  // namespace daedalus
