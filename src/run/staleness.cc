#include "run/staleness.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xxhash.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

namespace daedalus {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;
using Cause = StaleReason::Cause;

// More names than these help nobody on one line.
constexpr std::size_t kNamesShown = 5;

// Keys that change how a day is computed, but not what it holds.
bool changes_rows(const std::string& key) {
  static const std::vector<std::string> kNeutral{"runtime.compute.",    "runtime.day_workers",
                                                 "runtime.output_root", "runtime.feed_start",
                                                 "runtime.feed_end",    "runtime.warnings"};
  return std::ranges::none_of(kNeutral,
                              [&](const std::string& prefix) { return key.starts_with(prefix); });
}

std::string hash_of(const std::string& text) {
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return fmt::format("xxh3:{:016x}{:016x}", hash.high64, hash.low64);
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// "a.b[3]" of "a.b[3].c[1]"; empty for a key outside of lists.
std::string item_of(const std::string& key) {
  const std::size_t end = key.find(']');
  return end == std::string::npos ? "" : key.substr(0, end + 1);
}

Facts facts_in(const ordered_json& manifest, const char* section) {
  Facts facts;
  for (const auto& [name, value] : manifest.at(section).items()) facts.emplace_back(name, value);
  return facts;
}

// A number of rows or bytes. What is no whole number, or more than there can be, would have no
// meaning as one, nor would the sum of several.
std::int64_t count_in(const ordered_json& json) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 48;
  if (!json.is_number_unsigned() || json.get<std::uint64_t>() > kMost)
    throw std::invalid_argument("a count is no count");
  return json.get<std::int64_t>();
}

void read_report(const ordered_json& manifest, DayReport& report) {
  for (const auto& step : manifest.at("row_accounting")) {
    StepAccount account{
        step.at("step"), count_in(step.at("rows_in")), {}, count_in(step.at("rows_out"))};
    for (const auto& [reason, rows] : step.at("dropped").items())
      account.dropped.emplace_back(reason, count_in(rows));
    report.row_accounting.push_back(std::move(account));
  }
  for (const auto& part : manifest.at("parts")) {
    report.rows_out += count_in(part.at("rows"));
    report.bytes += count_in(part.at("bytes"));
  }
}

// Whether one of `facts` is the setting, or lies in it.
bool knows_setting(const Facts& facts, const std::string& setting) {
  return std::ranges::any_of(facts, [&](const auto& fact) {
    const std::string& key = fact.first;
    return key.starts_with(setting) && (key.size() == setting.size() ||
                                        key[setting.size()] == '.' || key[setting.size()] == '[');
  });
}

// The configuration without the settings at their default of which `before` says nothing: these
// were not there to be set, and what was computed is what their default means.
Facts comparable_configuration(const Recipe& recipe, const Facts& before) {
  std::set<std::string> new_settings;
  std::ranges::copy_if(recipe.default_settings, std::inserter(new_settings, new_settings.end()),
                       [&](const std::string& setting) { return !knows_setting(before, setting); });
  Facts facts = recipe.configuration;
  std::erase_if(facts, [&](const auto& fact) {
    const auto found = recipe.settings.find(fact.first);
    return found != recipe.settings.end() && new_settings.contains(found->second);
  });
  return facts;
}

// The keys of each setting in their order: that of encodings is part of the rows' order.
std::map<std::string, std::vector<std::string>> keys_by_setting(const Facts& facts,
                                                                const Recipe& recipe) {
  std::map<std::string, std::vector<std::string>> keys;
  for (const auto& [key, value] : facts) {
    const auto found = recipe.settings.find(key);
    if (found != recipe.settings.end()) keys[found->second].push_back(key);
  }
  return keys;
}

std::vector<std::string> changed_configuration(const Recipe& recipe, const Facts& before) {
  std::vector<std::string> names = changed_names(before, comparable_configuration(recipe, before));
  if (!names.empty()) return names;
  const auto order = keys_by_setting(before, recipe);
  for (const auto& [setting, keys] : keys_by_setting(recipe.configuration, recipe)) {
    const auto found = order.find(setting);
    if (found != order.end() && found->second != keys) names.push_back(setting);
  }
  return names;
}

// The feed's columns that have come, gone or changed their type, as far as the day is concerned.
std::vector<std::string> changed_feed_columns(const Facts& before, const Recipe& recipe,
                                              const std::set<std::string>& of_day) {
  std::vector<std::string> names = changed_names(before, recipe.feed_columns);
  std::erase_if(names, [&](const std::string& name) {
    return !of_day.contains(name) && !knows_setting(before, name);
  });
  return names;
}

void compare_recipe(const ordered_json& manifest, const Recipe& recipe, const DayInputs& inputs,
                    std::vector<StaleReason>& reasons) {
  if (manifest.at("configuration_fingerprint") == recipe.fingerprint) return;
  // A manifest from before these sections were written has the fingerprint alone.
  for (const char* section : {"configuration", "feed_columns", "edited_sql"}) {
    if (manifest.contains(section)) continue;
    reasons.push_back({Cause::kConfiguration, {}});
    return;
  }
  const auto add = [&](Cause cause, std::vector<std::string> names) {
    if (!names.empty()) reasons.push_back({cause, std::move(names)});
  };
  add(Cause::kConfiguration, changed_configuration(recipe, facts_in(manifest, "configuration")));
  add(Cause::kFeedColumns,
      changed_feed_columns(facts_in(manifest, "feed_columns"), recipe, inputs.feed_columns));
  add(Cause::kSql, changed_names(facts_in(manifest, "edited_sql"), recipe.edited_sql));
}

void compare_inputs(const ordered_json& manifest, const std::vector<InputFile>& inputs,
                    std::vector<StaleReason>& reasons) {
  std::set<InputFile> before;
  for (const auto& file : manifest.at("inputs")) {
    if (!file.at("mtime_us").is_number_integer())
      throw std::invalid_argument("a time is no whole number");
    before.insert({file.at("path"), count_in(file.at("bytes")), file.at("mtime_us")});
  }
  std::vector<InputFile> differing;
  std::ranges::set_symmetric_difference(before, inputs, std::back_inserter(differing));
  std::vector<std::string> paths;
  for (const InputFile& file : differing) {
    if (paths.empty() || paths.back() != file.path) paths.push_back(file.path);
  }
  if (!paths.empty()) reasons.push_back({Cause::kInputs, std::move(paths)});
}

// The parts that are not as the manifest says, and what stands beside them of which it knows
// nothing and a reader would take for a part.
void compare_parts(const ordered_json& manifest, const fs::path& directory,
                   std::vector<StaleReason>& reasons) {
  std::map<std::string, std::int64_t> sizes;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    std::error_code ignored;
    if (!name.starts_with('_') && !name.starts_with('.'))
      sizes[name] = static_cast<std::int64_t>(fs::file_size(entry.path(), ignored));
  }
  std::map<std::string, std::int64_t> stated;
  for (const auto& part : manifest.at("parts"))
    stated[part.at("name")] = count_in(part.at("bytes"));
  std::set<std::string> differing;
  for (const auto& [name, bytes] : sizes) {
    if (!stated.contains(name) || stated.at(name) != bytes) differing.insert(name);
  }
  for (const auto& [name, bytes] : stated) {
    if (!sizes.contains(name)) differing.insert(name);
  }
  if (!differing.empty())
    reasons.push_back({Cause::kDamaged, {differing.begin(), differing.end()}});
}

}  // namespace

std::string_view to_string(StaleReason::Cause cause) {
  switch (cause) {
    case Cause::kMissing:
      return "missing";
    case Cause::kForced:
      return "forced";
    case Cause::kDamaged:
      return "damaged";
    case Cause::kConfiguration:
      return "config changed";
    case Cause::kFeedColumns:
      return "feed columns changed";
    case Cause::kSql:
      return "SQL changed";
    case Cause::kInputs:
      break;
  }
  return "inputs changed";
}

std::string to_string(const std::vector<StaleReason>& reasons) {
  std::vector<std::string> texts;
  for (const StaleReason& reason : reasons) {
    std::vector<std::string> names = reason.names;
    if (names.size() > kNamesShown) {
      names.resize(kNamesShown);
      names.push_back(fmt::format("and {} more", reason.names.size() - kNamesShown));
    }
    texts.push_back(fmt::format("{}{}{}", to_string(reason.cause), names.empty() ? "" : ": ",
                                fmt::join(names, ", ")));
  }
  return fmt::format("{}", fmt::join(texts, "; "));
}

std::vector<std::string> changed_names(const Facts& before, const Facts& now) {
  const std::map<std::string, std::string> old(before.begin(), before.end());
  const std::map<std::string, std::string> current(now.begin(), now.end());
  std::set<std::string> old_items;
  std::set<std::string> items;
  for (const auto& [name, value] : before) old_items.insert(item_of(name));
  for (const auto& [name, value] : now) items.insert(item_of(name));
  const auto list_of = [](const std::string& key) { return key.substr(0, key.find('[')); };
  std::set<std::string> resized;
  std::vector<std::string> lone_items;
  std::ranges::set_symmetric_difference(old_items, items, std::back_inserter(lone_items));
  for (const std::string& item : lone_items) {
    if (!item.empty()) resized.insert(list_of(item));
  }
  std::set<std::string> changed;
  const auto add = [&](const std::string& name) {
    changed.insert(resized.contains(list_of(name)) ? list_of(name) : name);
  };
  for (const auto& [name, value] : old) {
    if (!current.contains(name) || current.at(name) != value) add(name);
  }
  for (const auto& [name, value] : current) {
    if (!old.contains(name)) add(name);
  }
  return {changed.begin(), changed.end()};
}

Recipe recipe_of(const Catalog& catalog, const SqlLibrary& sql) {
  Recipe recipe;
  std::string text;
  const auto add = [&text](const std::string& name, const std::string& value) {
    text.append(name).push_back('\0');
    text.append(value).push_back('\0');
  };
  for (const EffectiveValue& value : catalog.config().effective) {
    if (!changes_rows(value.key)) continue;
    add(value.key, value.value);
    recipe.configuration.emplace_back(value.key, value.value);
    recipe.settings[value.key] = value.setting;
    if (value.setting_equals_default) recipe.default_settings.insert(value.setting);
  }
  // Which optional columns exist is a fact of the whole feed, and it shapes every day.
  for (const ColumnType& column : catalog.feed().columns()) {
    add(column.name, column.type);
    recipe.feed_columns.emplace_back(column.name, column.type);
  }
  for (const auto& [name, edited] : sql.edited()) {
    add(name, edited);
    recipe.edited_sql.emplace_back(name, hash_of(edited));
  }
  recipe.fingerprint = hash_of(text);
  return recipe;
}

fs::path day_directory(const fs::path& output_root, Day day) {
  return output_root / ("dt=" + to_string(day));
}

PublishedDay look_at_published(const fs::path& output_root, Day day, const Recipe& recipe,
                               const DayInputs& inputs) {
  const fs::path directory = day_directory(output_root, day);
  const DayReport nothing{.day = to_string(day), .status = DayStatus::kUpToDate};
  PublishedDay found{nothing, {}};
  std::error_code ignored;
  if (!fs::exists(directory, ignored)) {
    found.reasons.push_back({Cause::kMissing, {}});
    return found;
  }
  try {
    const ordered_json manifest = ordered_json::parse(read_file(directory / "_manifest.json"));
    read_report(manifest, found.report);
    compare_parts(manifest, directory, found.reasons);
    compare_recipe(manifest, recipe, inputs, found.reasons);
    compare_inputs(manifest, inputs.files, found.reasons);
  } catch (const nlohmann::json::exception&) {
    found = {nothing, {{Cause::kDamaged, {"_manifest.json"}}}};
  } catch (const std::invalid_argument&) {
    found = {nothing, {{Cause::kDamaged, {"_manifest.json"}}}};
  }
  return found;
}

bool some_day_warns(const fs::path& output_root, const Recipe& recipe, const std::string& name) {
  std::error_code ignored;
  for (fs::directory_iterator day(output_root, ignored), end; day != end; day.increment(ignored)) {
    if (!day->path().filename().string().starts_with("dt=")) continue;
    const ordered_json manifest =
        ordered_json::parse(read_file(day->path() / "_manifest.json"), nullptr, false);
    if (!manifest.is_object() ||
        manifest.value("configuration_fingerprint", ordered_json()) != recipe.fingerprint)
      continue;
    for (const auto& warning : manifest.value("warnings", ordered_json::array())) {
      if (warning.is_object() && warning.value("name", ordered_json()) == name) return true;
    }
  }
  return false;
}

}  // namespace daedalus
