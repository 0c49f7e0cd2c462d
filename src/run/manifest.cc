#include "run/manifest.h"

#define XXH_INLINE_ALL
#include <arrow/util/config.h>
#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "daedalus/version.h"
#include "plan/plan.h"

namespace daedalus {
namespace {

using nlohmann::ordered_json;

// Keys that change how a day is computed, but not what it holds.
bool changes_rows(const std::string& key) {
  static const std::vector<std::string> kNeutral{"runtime.compute.", "runtime.day_workers",
                                                 "runtime.output_root", "runtime.feed_start",
                                                 "runtime.feed_end"};
  return std::ranges::none_of(kNeutral,
                              [&](const std::string& prefix) { return key.starts_with(prefix); });
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

ordered_json to_json(const InputFile& file) {
  return {{"path", file.path}, {"bytes", file.bytes}, {"mtime_us", file.mtime_us}};
}

// Whether something stands beside the parts of which the manifest knows nothing, and a reader would
// take it for a part.
bool has_strangers(const std::filesystem::path& directory, const ordered_json& parts) {
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    const bool hidden = name.starts_with('_') || name.starts_with('.');
    const bool known =
        std::ranges::any_of(parts, [&](const auto& part) { return part.at("name") == name; });
    if (!hidden && !known) return true;
  }
  return false;
}

}  // namespace

std::string Manifest::to_json() const {
  ordered_json json;
  json["day"] = day;
  json["configuration_fingerprint"] = configuration_fingerprint;
  json["versions"] = {
      {"daedalus", kVersion}, {"duckdb", Engine::version()}, {"arrow", ARROW_VERSION_STRING}};
  json["row_accounting"] = ordered_json::array();
  for (const StepAccount& account : row_accounting) {
    ordered_json dropped = ordered_json::object();
    for (const auto& [reason, rows] : account.dropped) dropped[reason] = rows;
    json["row_accounting"].push_back({{"step", account.step},
                                      {"rows_in", account.rows_in},
                                      {"dropped", dropped},
                                      {"rows_out", account.rows_out}});
  }
  json["unknown_values"] = ordered_json::object();
  for (const auto& [column, values] : unknown_values) json["unknown_values"][column] = values;
  json["columns"] = ordered_json::array();
  for (const ColumnType& column : columns)
    json["columns"].push_back({{"name", column.name}, {"type", column.type}});
  json["parts"] = ordered_json::array();
  for (const PartFile& part : parts)
    json["parts"].push_back({{"name", part.name},
                             {"rows", part.rows},
                             {"bytes", part.bytes},
                             {"checksum", part.checksum}});
  json["inputs"] = ordered_json::array();
  for (const InputFile& file : inputs) json["inputs"].push_back(daedalus::to_json(file));
  return json.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string configuration_fingerprint(const Catalog& catalog, const SqlLibrary& sql) {
  std::string text;
  const auto add = [&text](const std::string& name, const std::string& value) {
    text.append(name).push_back('\0');
    text.append(value).push_back('\0');
  };
  for (const EffectiveValue& value : catalog.config().effective) {
    if (changes_rows(value.key)) add(value.key, value.value);
  }
  // Which optional columns exist is a fact of the whole feed, and it shapes every day.
  for (const ColumnType& column : catalog.feed().columns()) add(column.name, column.type);
  for (const auto& [name, edited] : sql.edited()) add(name, edited);
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return fmt::format("xxh3:{:016x}{:016x}", hash.high64, hash.low64);
}

std::vector<InputFile> input_files(const Catalog& catalog, Day day) {
  std::vector<InputFile> files;
  for (const FeedPartition& partition : partitions_for(catalog, day)) {
    for (const Dataset& dataset : partition.datasets)
      files.insert(files.end(), dataset.files.begin(), dataset.files.end());
  }
  for (const auto& [name, view] : catalog.views()) {
    const std::vector<InputFile> more = view.files();
    files.insert(files.end(), more.begin(), more.end());
  }
  if (catalog.pool()) {
    const std::vector<InputFile> more = catalog.pool()->files();
    files.insert(files.end(), more.begin(), more.end());
  }
  std::ranges::sort(files);
  return files;
}

std::optional<DayReport> published_report(const std::filesystem::path& directory,
                                          const std::string& day, const std::string& fingerprint,
                                          const std::vector<InputFile>& inputs) {
  const ordered_json manifest =
      ordered_json::parse(read_file(directory / "_manifest.json"), nullptr, false);
  try {
    if (manifest.at("configuration_fingerprint") != fingerprint) return std::nullopt;
    ordered_json now = ordered_json::array();
    for (const InputFile& file : inputs) now.push_back(to_json(file));
    if (manifest.at("inputs") != now) return std::nullopt;
    DayReport report;
    report.day = day;
    report.status = DayStatus::kUpToDate;
    for (const auto& step : manifest.at("row_accounting")) {
      StepAccount account{step.at("step"), step.at("rows_in"), {}, step.at("rows_out")};
      for (const auto& [reason, rows] : step.at("dropped").items()) {
        account.dropped.emplace_back(reason, rows.get<std::int64_t>());
      }
      report.row_accounting.push_back(std::move(account));
    }
    for (const auto& part : manifest.at("parts")) {
      std::error_code error;
      const auto bytes = part.at("bytes").get<std::int64_t>();
      const auto size =
          std::filesystem::file_size(directory / part.at("name").get<std::string>(), error);
      if (error || static_cast<std::int64_t>(size) != bytes) return std::nullopt;
      report.rows_out += part.at("rows").get<std::int64_t>();
      report.bytes += bytes;
    }
    if (has_strangers(directory, manifest.at("parts"))) return std::nullopt;
    return report;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace daedalus
