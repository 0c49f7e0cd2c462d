#include "catalog/source_files.h"

#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <regex>
#include <span>

#include "engine/quote.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;

// A Lance dataset is a directory, which glob() does not list; but each has a file of this form.
constexpr std::string_view kLanceVersions = "/_versions/";

struct PartitionField {
  std::string_view name;
  std::size_t digits;
};
constexpr std::array<PartitionField, 4> kPartitionFields{
    {{"{YYYYMM}", 6}, {"{YYYY}", 4}, {"{MM}", 2}, {"{DD}", 2}}};

const PartitionField* field_at(std::string_view text) {
  for (const PartitionField& field : kPartitionFields) {
    if (text.starts_with(field.name)) return &field;
  }
  return nullptr;
}

// The path as DuckDB's glob gives it back: one slash where several stand.
std::string single_slashes(const std::string& path) {
  std::string single;
  for (const char c : path) {
    if (c != '/' || !single.ends_with('/')) single += c;
  }
  return single;
}

std::string to_glob(std::string_view path) {
  std::string glob;
  while (!path.empty()) {
    const PartitionField* field = field_at(path);
    for (std::size_t i = 0; field != nullptr && i < field->digits; ++i) glob += "[0-9]";
    if (field == nullptr) glob += path.front();
    path.remove_prefix(field != nullptr ? field->name.size() : 1);
  }
  return glob;
}

// A regular expression of the paths that `path` matches, with a group for each partition field.
std::regex to_regex(std::string_view path, std::vector<const PartitionField*>& groups) {
  std::string text;
  while (!path.empty()) {
    std::size_t used = 1;
    if (const PartitionField* field = field_at(path)) {
      groups.push_back(field);
      text += fmt::format("([0-9]{{{}}})", field->digits);
      used = field->name.size();
    } else if (path.starts_with("**/")) {
      text += "(?:.*/)?";
      used = 3;
    } else if (path.starts_with("**")) {
      text += ".*";
      used = 2;
    } else if (path.front() == '*') {
      text += "[^/]*";
    } else if (path.front() == '?') {
      text += "[^/]";
    } else if (path.front() == '[' && path.find(']') != std::string_view::npos) {
      used = path.find(']') + 1;
      text += path.substr(0, used);
      const std::size_t negation = text.size() - used + 1;
      if (text[negation] == '!') text[negation] = '^';
    } else {
      if (std::string_view("\\^$.|+()[]{}").find(path.front()) != std::string_view::npos)
        text += '\\';
      text += path.front();
    }
    path.remove_prefix(used);
  }
  return std::regex(text);
}

InputFile stat_file(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0)
    return {path, 0, 0};  // gone between listing and now: reading it will tell
  return {
      fs::absolute(path).lexically_normal().string(), status.st_size,
      static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000 + status.st_mtim.tv_nsec / 1000};
}

Dataset lance_dataset(const std::string& path) {
  Dataset dataset{path, {}, {}};
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) dataset.files.push_back(stat_file(entry.path().string()));
  }
  std::ranges::sort(dataset.files);
  return dataset;
}

// What the pattern matches and DuckDB leaves out without a word: links that lead nowhere, and
// directories by the name of a file. Who reads it is told. (POSIX knows no `**`.)
void add_unlisted(const std::string& pattern, std::vector<std::string>& paths) {
  if (pattern.find("**") != std::string::npos) return;
  ::glob_t found{};
  if (::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) == 0) {
    const bool names_files = fs::path(pattern).has_extension();  // `*` may well match folders
    for (const char* path : std::span(found.gl_pathv, found.gl_pathc)) {
      std::error_code ignored;
      if (names_files || !fs::is_directory(path, ignored)) paths.emplace_back(path);
    }
  }
  ::globfree(&found);
}

std::optional<Problem> link_out(const Engine& engine, const fs::path& path) {
  std::error_code unresolved;  // A link to itself leads nowhere: who reads it is told.
  const fs::path target = fs::weakly_canonical(path, unresolved);
  if (unresolved || engine.may_touch(path)) return std::nullopt;
  return Problem{
      {},
      fmt::format("{} leads to {}, outside of the directories that the configuration names",
                  path.string(), target.string()),
      "put the file there, or name the directory that it leads to in source.path"};
}

std::vector<std::string> glob(Engine& engine, const Source& source) {
  const bool lance = source.format == SourceFormat::kLance;
  std::string pattern = to_glob(single_slashes(source.path));
  while (lance && pattern.ends_with('/')) pattern.pop_back();
  if (lance) pattern += std::string(kLanceVersions) + "*";
  const fs::path fixed = fs::path(pattern.substr(0, pattern.find_first_of("*?["))).parent_path();
  if (auto problem = link_out(engine, fixed.empty() ? "." : fixed))
    throw Error(ErrorKind::kInput, std::vector{std::move(*problem)});
  std::vector<std::string> paths;
  for (const auto& row : engine.query("FROM glob(" + quote_text(pattern) + ")")) {
    const std::string& path = row.at(0).value();
    paths.push_back(lance ? path.substr(0, path.rfind(kLanceVersions)) : path);
  }
  if (!lance) add_unlisted(pattern, paths);
  std::ranges::sort(paths);
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

Dataset dataset_at(const Source& source, const std::string& path, const PathColumns& path_columns) {
  const bool lance = source.format == SourceFormat::kLance;
  Dataset dataset = lance ? lance_dataset(path) : Dataset{path, {stat_file(path)}, {}};
  dataset.path_values = path_values(lance ? path + "/" : path, path_columns);
  return dataset;
}

// Where a partition lies, from the values of its fields; absent when they make no date.
std::optional<FeedPartition> partition_of(const std::vector<const PartitionField*>& fields,
                                          const std::smatch& match) {
  std::map<std::string_view, std::string> values;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    std::string text = match[i + 1];
    if (fields[i]->digits == 6) {
      if (!values.try_emplace("{YYYY}", text.substr(0, 4)).second &&
          values["{YYYY}"] != text.substr(0, 4))
        return {};
      if (!values.try_emplace("{MM}", text.substr(4)).second && values["{MM}"] != text.substr(4))
        return {};
    } else if (!values.try_emplace(fields[i]->name, text).second &&
               values[fields[i]->name] != text) {
      return {};
    }
  }
  const std::string year = values["{YYYY}"];
  const std::string month = values["{MM}"];
  const std::string day = values["{DD}"];
  if (year.empty()) return FeedPartition{"all", kAlways, {}};
  const auto first = parse_day(
      fmt::format("{}-{}-{}", year, month.empty() ? "01" : month, day.empty() ? "01" : day));
  if (!first) return {};
  if (month.empty()) {
    const auto next = first_day((std::stoi(year) + 1) * 100 + 1);
    return FeedPartition{year, {day_start(*first), day_start(next)}, {}};
  }
  if (day.empty()) {
    const auto next = end_day(std::stoi(year) * 100 + std::stoi(month));
    return FeedPartition{year + "-" + month, {day_start(*first), day_start(next)}, {}};
  }
  return FeedPartition{
      to_string(*first), {day_start(*first), day_start(*first) + kMicrosPerDay}, {}};
}

}  // namespace

std::vector<Dataset> list_datasets(Engine& engine, const Source& source,
                                   const PathColumns& path_columns) {
  std::vector<Dataset> datasets;
  for (const std::string& path : glob(engine, source))
    datasets.push_back(dataset_at(source, path, path_columns));
  return datasets;
}

std::optional<Problem> find_link_out(const Engine& engine, const Dataset& dataset) {
  if (auto problem = link_out(engine, dataset.path)) return problem;
  std::error_code ignored;
  if (!fs::is_directory(dataset.path, ignored)) return std::nullopt;
  for (const auto& entry : fs::recursive_directory_iterator(dataset.path)) {
    if (!entry.is_symlink()) continue;
    if (auto problem = link_out(engine, entry.path())) return problem;
  }
  return std::nullopt;
}

std::vector<FeedPartition> list_feed_partitions(Engine& engine, const Source& source,
                                                const PathColumns& path_columns) {
  std::vector<const PartitionField*> fields;
  const std::string path_pattern = single_slashes(source.path);
  const std::regex regex = to_regex(path_pattern, fields);
  std::map<Micros, FeedPartition> by_time;
  for (const std::string& path : glob(engine, source)) {
    std::smatch match;
    std::optional<FeedPartition> partition = FeedPartition{"all", kAlways, {}};
    if (!fields.empty())
      partition = std::regex_match(path, match, regex) ? partition_of(fields, match) : std::nullopt;
    if (!partition) continue;
    auto& slot = by_time.try_emplace(partition->interval.begin, *partition).first->second;
    slot.datasets.push_back(dataset_at(source, path, path_columns));
  }
  std::vector<FeedPartition> partitions;
  for (auto& [begin, partition] : by_time) partitions.push_back(std::move(partition));
  return partitions;
}

}  // namespace daedalus
