#include "run/manifest.h"

#include <arrow/util/config.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "daedalus/version.h"
#include "plan/plan.h"

namespace daedalus {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const Facts& facts) {
  ordered_json json = ordered_json::object();
  for (const auto& [name, value] : facts) json[name] = value;
  return json;
}

ordered_json to_json(const InputFile& file) {
  return {{"path", file.path}, {"bytes", file.bytes}, {"mtime_us", file.mtime_us}};
}

ordered_json to_json(const Warning& warning) {
  ordered_json json{{"name", warning.name}};
  if (!warning.subject.empty()) json["subject"] = warning.subject;
  for (const auto& [what, rows] : warning.counts) json[what] = rows;
  json["text"] = warning.text;
  return json;
}

}  // namespace

std::string Manifest::to_json() const {
  ordered_json json;
  json["day"] = day;
  json["configuration_fingerprint"] = recipe.fingerprint;
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
  json["unused_rows"] = {{"null_time", unused_rows.null_time},
                         {"misplaced", unused_rows.misplaced()}};
  json["warnings"] = ordered_json::array();
  for (const Warning& warning : warnings) json["warnings"].push_back(daedalus::to_json(warning));
  json["columns"] = ordered_json::array();
  for (const ColumnType& column : columns)
    json["columns"].push_back({{"name", column.name}, {"type", column.type}});
  json["parts"] = ordered_json::array();
  for (const PartFile& part : parts)
    json["parts"].push_back({{"name", part.name},
                             {"rows", part.rows},
                             {"bytes", part.bytes},
                             {"checksum", part.checksum}});
  json["configuration"] = daedalus::to_json(recipe.configuration);
  json["feed_columns"] = daedalus::to_json(recipe.feed_columns);
  json["edited_sql"] = daedalus::to_json(recipe.edited_sql);
  json["inputs"] = ordered_json::array();
  for (const InputFile& file : inputs) json["inputs"].push_back(daedalus::to_json(file));
  return json.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

DayInputs input_files(const Catalog& catalog, Day day) {
  DayInputs inputs;
  std::vector<InputFile>& files = inputs.files;
  for (const FeedPartition& partition : partitions_for(catalog, day, day)) {
    for (const Dataset& dataset : partition.datasets) {
      files.insert(files.end(), dataset.files.begin(), dataset.files.end());
      inputs.feed_columns.merge(catalog.feed().columns_in(dataset));
    }
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
  return inputs;
}

}  // namespace daedalus
