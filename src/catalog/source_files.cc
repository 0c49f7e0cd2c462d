#include "catalog/source_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "catalog/path_search.h"
#include "catalog/table_format.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;

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

std::vector<FoundPath> find_paths(const Engine& engine, const Source& source) {
  const bool lance = source.format == SourceFormat::kLance;
  const PathPattern pattern(source.path, lance ? PathPattern::Of::kLance : PathPattern::Of::kFiles);
  const std::string fixed = pattern.fixed_directory();
  if (auto problem = link_out(engine, fixed.empty() ? "." : fs::path(fixed).parent_path()))
    throw Error(ErrorKind::kInput, std::vector{std::move(*problem)});
  std::vector<FoundPath> found = pattern.find();
  if (!lance) refuse_table_formats(found, fixed);
  return found;
}

Dataset dataset_at(const Source& source, const std::string& path, const PathColumns& path_columns) {
  const bool lance = source.format == SourceFormat::kLance;
  Dataset dataset = lance ? lance_dataset(path) : Dataset{path, {stat_file(path)}, {}};
  dataset.path_values = path_values(lance ? path + "/" : path, path_columns);
  return dataset;
}

// The name of the partition: "2026-05-15T07", as far as there are fields; absent when they make no
// date or hour.
std::optional<std::string> label_of(const PartitionFields& fields) {
  if (!fields.year) return "all";
  const std::chrono::year_month_day date{
      std::chrono::year(*fields.year),
      std::chrono::month(static_cast<unsigned>(fields.month.value_or(1))),
      std::chrono::day(static_cast<unsigned>(fields.day.value_or(1)))};
  if (!date.ok() || fields.hour.value_or(0) > 23) return std::nullopt;
  std::string label = fmt::format("{:04}", *fields.year);
  if (fields.month) label += fmt::format("-{:02}", *fields.month);
  if (fields.day) label += fmt::format("-{:02}", *fields.day);
  if (fields.hour) label += fmt::format("T{:02}", *fields.hour);
  return label;
}

FeedPartition make_partition(std::string label, const PartitionFields& fields,
                             const TimeZone& zone) {
  if (!fields.year) return {std::move(label), kAlways, {kAlways}, {}};
  const Day first(std::chrono::year(*fields.year) /
                  std::chrono::month(static_cast<unsigned>(fields.month.value_or(1))) /
                  std::chrono::day(static_cast<unsigned>(fields.day.value_or(1))));
  if (fields.hour) {
    std::vector<Interval> times = zone.hour_of(first, *fields.hour);
    const Micros begin = zone.start_of(first);
    const Interval all =
        times.empty() ? Interval{begin, begin} : Interval{times.front().begin, times.back().end};
    return {std::move(label), all, std::move(times), {}};
  }
  const Day next = fields.day     ? first + std::chrono::days(1)
                   : fields.month ? end_day(*fields.year * 100 + *fields.month)
                                  : first_day((*fields.year + 1) * 100 + 1);
  const Interval interval{zone.start_of(first), zone.start_of(next)};
  if (interval.begin == interval.end) return {std::move(label), interval, {}, {}};
  return {std::move(label), interval, {interval}, {}};
}

}  // namespace

bool FeedPartition::overlaps(const Interval& other) const {
  return std::ranges::any_of(times, [&](const Interval& time) { return time.overlaps(other); });
}

std::vector<Dataset> list_datasets(const Engine& engine, const Source& source,
                                   const PathColumns& path_columns) {
  std::vector<Dataset> datasets;
  for (const FoundPath& found : find_paths(engine, source))
    datasets.push_back(dataset_at(source, found.path, path_columns));
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

std::vector<FeedPartition> list_feed_partitions(const Engine& engine, const Source& source,
                                                const PathColumns& path_columns,
                                                const TimeZone& day_zone) {
  std::map<std::string, FeedPartition> by_label;  // which is the order of time
  for (const FoundPath& found : find_paths(engine, source)) {
    std::optional<std::string> label = label_of(found.fields);
    if (!label) continue;
    auto slot = by_label.find(*label);
    if (slot == by_label.end())
      slot = by_label.emplace(*label, make_partition(*label, found.fields, day_zone)).first;
    slot->second.datasets.push_back(dataset_at(source, found.path, path_columns));
  }
  std::vector<FeedPartition> partitions;
  for (auto& [label, partition] : by_label) partitions.push_back(std::move(partition));
  return partitions;
}

}  // namespace daedalus
