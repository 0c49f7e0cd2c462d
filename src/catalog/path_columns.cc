#include "catalog/path_columns.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>
#include <vector>

#include "config/problems.h"

namespace daedalus {
namespace {

// What those who write such directories put in place of NULL.
constexpr std::string_view kNull = "__HIVE_DEFAULT_PARTITION__";

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const char* const hex = text.data() + i + 1;
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        std::from_chars(hex, hex + 2, byte, 16).ptr == hex + 2;
    decoded += escape ? static_cast<char>(byte) : text[i];
    if (escape) i += 2;
  }
  return decoded;
}

// A directory `name=value` of a path.
struct NamedDirectory {
  std::string name;
  std::string_view value;  // not decoded
};

std::vector<NamedDirectory> named_directories(std::string_view path) {
  std::vector<NamedDirectory> found;
  for (std::size_t slash = 0; (slash = path.find('/')) != std::string_view::npos;) {
    const std::string_view directory = path.substr(0, slash);
    path.remove_prefix(slash + 1);
    const std::size_t sign = directory.find('=');
    if (sign != std::string_view::npos)
      found.push_back({percent_decoded(directory.substr(0, sign)), directory.substr(sign + 1)});
  }
  return found;
}

// The directory that names `column`; null where none does.
const NamedDirectory* find_column(std::string_view path, const std::vector<NamedDirectory>& among,
                                  const std::string& column) {
  const std::string folded = config::lower(column);
  for (const bool exact : {true, false}) {
    const NamedDirectory* found = nullptr;
    for (const NamedDirectory& directory : among) {
      const bool matches =
          exact ? directory.name == column : config::lower(directory.name) == folded;
      if (!matches) continue;
      if (found != nullptr) {
        throw Error(ErrorKind::kInput,
                    fmt::format("the path {} names the column {} twice: {}={} and {}={}", path,
                                column, found->name, found->value, directory.name, directory.value),
                    "rename one of the two directories, or leave the column out of path_columns");
      }
      found = &directory;
    }
    if (found != nullptr) return found;
  }
  return nullptr;
}

}  // namespace

PathColumns path_columns_of(const MappedSource& source) {
  PathColumns columns;
  for (const std::string& name : source.path_columns) columns[name] = source.source_name(name);
  return columns;
}

std::map<std::string, std::optional<std::string>> path_values(std::string_view path,
                                                              const PathColumns& columns) {
  std::map<std::string, std::optional<std::string>> values;
  if (columns.empty()) return values;
  const std::vector<NamedDirectory> directories = named_directories(path);
  for (const auto& [ours, theirs] : columns) {
    const NamedDirectory* found = find_column(path, directories, theirs);
    if (found == nullptr) continue;
    if (found->value == kNull) {
      values[ours] = std::nullopt;
      continue;
    }
    std::string value = percent_decoded(found->value);
    if (value.find('\0') != std::string::npos) {
      throw Error(
          ErrorKind::kInput,
          fmt::format("the path {} gives the column {} a value with a NUL byte", path, theirs),
          "rename the directory");
    }
    values[ours] = std::move(value);
  }
  return values;
}

}  // namespace daedalus
