#include "catalog/table_format.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "daedalus/error.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;

bool has_iceberg_metadata(const fs::path& directory) {
  const fs::path metadata = directory / "metadata";
  std::error_code error;
  if (!fs::is_directory(metadata, error)) return false;
  fs::directory_iterator entry(metadata, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (entry->path().filename().string().ends_with(".metadata.json")) return true;
  }
  if (error)
    throw Error(ErrorKind::kInput,
                fmt::format("{} can't be listed: {}", metadata.string(), error.message()),
                "make it readable, or write a path that leaves it out");
  return false;
}

void refuse_table_format(const std::string& directory) {
  std::error_code ignored;
  const fs::path path = directory.empty() ? "." : directory;
  const char* table = nullptr;
  if (fs::is_directory(path / "_delta_log", ignored)) {
    table = "a Delta table (it has _delta_log)";
  } else if (fs::is_directory(path / ".hoodie", ignored)) {
    table = "a Hudi table (it has .hoodie)";
  } else if (has_iceberg_metadata(path)) {
    table = "an Iceberg table (it has metadata/*.metadata.json)";
  }
  if (table == nullptr) return;
  throw Error(ErrorKind::kInput,
              fmt::format("{} is the directory of {}: read as plain files, rows of files that the "
                          "table has removed or replaced would be read as well",
                          fs::path(path / "").parent_path().string(), table),
              "let the table's own engine write its present rows as Parquet into another "
              "directory, and name that in source.path");
}

}  // namespace

void refuse_table_formats(const std::vector<FoundPath>& files, std::string_view fixed_directory) {
  std::set<std::string, std::less<>> seen;
  for (const FoundPath& file : files) {
    std::string_view path = file.path;
    while (path.size() > fixed_directory.size()) {
      const std::size_t slash = path.find_last_of('/', path.size() - 2);
      path = slash == std::string_view::npos ? "" : path.substr(0, slash + 1);
      if (seen.contains(path)) break;
      seen.emplace(path);
      refuse_table_format(std::string(path));
    }
  }
}

}  // namespace daedalus
