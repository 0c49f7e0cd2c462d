#include "run/last_run.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "base/day.h"
#include "sink/file.h"
#include "sink/replace_file.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* kFile = "_last_run.json";

fs::path absolute_unless_empty(const fs::path& path) {
  return path.empty() ? path : fs::absolute(path).lexically_normal();
}

ordered_json to_json(const std::optional<Day>& day) {
  return day ? ordered_json(to_string(*day)) : ordered_json(nullptr);
}

std::optional<Day> day_in(const ordered_json& json) {
  if (json.is_null()) return std::nullopt;
  const std::optional<Day> day = parse_day(json.get<std::string>());
  if (!day) throw std::invalid_argument("it holds a day that is no day");
  return day;
}

// The value of `all` that is called `name`.
template <typename Value, std::size_t kCount>
Value named(const std::array<Value, kCount>& all, const std::string& name) {
  for (const Value value : all) {
    if (to_string(value) == name) return value;
  }
  throw std::invalid_argument("it holds the unknown word " + name);
}

DayReport report_in(const ordered_json& json) {
  static constexpr std::array kStatuses{DayStatus::kPublished, DayStatus::kUpToDate,
                                        DayStatus::kFailed, DayStatus::kNotRun};
  static constexpr std::array kKinds{ErrorKind::kConfig, ErrorKind::kDataCheck, ErrorKind::kInput,
                                     ErrorKind::kEnvironment, ErrorKind::kBug};
  DayReport report;
  report.day = json.at("day");
  report.status = named(kStatuses, json.at("status"));
  if (report.status == DayStatus::kFailed) {
    report.error_kind = named(kKinds, json.at("error_kind"));
    report.error = json.at("error");
  }
  return report;
}

ordered_json to_json(const DayReport& report) {
  const bool interrupted = report.error_kind == ErrorKind::kInterrupted;
  const DayStatus status = interrupted ? DayStatus::kNotRun : report.status;
  ordered_json json{{"day", report.day}, {"status", to_string(status)}};
  if (status == DayStatus::kFailed) {
    json["error_kind"] = to_string(report.error_kind.value_or(ErrorKind::kBug));
    json["error"] = report.error;
  }
  return json;
}

LastRun run_in(const ordered_json& json) {
  LastRun run;
  run.config_dir = json.at("config_dir").get<std::string>();
  run.overrides = json.at("overrides").get<std::vector<std::string>>();
  run.options.target_date = day_in(json.at("target_date"));
  run.options.from = day_in(json.at("from"));
  run.options.to = day_in(json.at("to"));
  run.options.force = json.at("force");
  run.options.engine = json.at("engine");
  run.options.sql_dir = json.at("sql_dir").get<std::string>();
  for (const auto& day : json.at("days")) run.days.push_back(report_in(day));
  // A file of an older release has none.
  for (const auto& day : json.value("failed_before", ordered_json::array()))
    run.failed_before.push_back(report_in(day));
  return run;
}

// The failures that the run before knew of, of days that `days` has not computed.
std::vector<DayReport> still_failed(const fs::path& output_root,
                                    const std::vector<DayReport>& days) {
  std::map<std::string, DayReport> failed;
  try {
    if (const auto last = read_last_run(output_root)) failed = failures_of(*last);
  } catch (const Error&) {
    // `daeda status` has told of a damaged file, and this run replaces it.
  }
  for (const DayReport& day : days) {
    if (day.status != DayStatus::kNotRun && day.error_kind != ErrorKind::kInterrupted)
      failed.erase(day.day);
  }
  std::vector<DayReport> reports;
  for (auto& [name, report] : failed) {
    // A file whose days can't be listed is told of by every run that finds it so.
    if (parse_day(name)) reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace

void write_last_run(const Config& config, const SkeletonOptions& options,
                    const std::vector<DayReport>& days) {
  ordered_json json;
  json["config_dir"] = absolute_unless_empty(config.dir).string();
  json["overrides"] = config.overrides;
  json["target_date"] = to_json(options.target_date);
  json["from"] = to_json(options.from);
  json["to"] = to_json(options.to);
  json["force"] = options.force;
  json["engine"] = options.engine;
  json["sql_dir"] = absolute_unless_empty(options.sql_dir).string();
  json["days"] = ordered_json::array();
  for (const DayReport& day : days) json["days"].push_back(to_json(day));

  const fs::path& root = config.runtime.output_root;
  json["failed_before"] = ordered_json::array();
  for (const DayReport& day : still_failed(root, days))
    json["failed_before"].push_back(to_json(day));
  replace_file(root, kFile, json.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n",
               "last_run.written");
}

std::optional<SkeletonOptions> retry_options(const LastRun& run) {
  std::set<Day> failed;
  std::set<Day> known;
  bool some_unlisted = false;
  for (const DayReport& report : run.days) {
    const std::optional<Day> day = parse_day(report.day);
    if (day) known.insert(*day);
    if (report.status != DayStatus::kFailed) continue;
    if (day) failed.insert(*day);
    some_unlisted = some_unlisted || !day;
  }
  if (failed.empty() && !some_unlisted) return std::nullopt;
  SkeletonOptions options = run.options;
  options.wants = [=](Day day) {
    return failed.contains(day) || (some_unlisted && !known.contains(day));
  };
  return options;
}

std::map<std::string, DayReport> failures_of(const LastRun& run) {
  std::map<std::string, DayReport> failed;
  for (const DayReport& day : run.failed_before) failed[day.day] = day;
  for (const DayReport& day : run.days) {
    if (day.status == DayStatus::kFailed) failed[day.day] = day;
  }
  return failed;
}

std::optional<LastRun> read_last_run(const fs::path& output_root) {
  const fs::path path = output_root / kFile;
  std::error_code ignored;
  refuse_link(path);
  if (!fs::exists(path, ignored)) return std::nullopt;
  std::string why;
  try {
    std::ifstream file(path, std::ios::binary);
    return run_in(ordered_json::parse(file));
  } catch (const nlohmann::json::exception& error) {
    why = error.what();
  } catch (const std::invalid_argument& error) {
    why = error.what();
  }
  throw Error(ErrorKind::kInput, fmt::format("{} can't be read: {}", path.string(), why),
              "remove it; the next run writes another");
}

}  // namespace daedalus
