#include "plan/sql_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#include "base/embedded.h"
#include "base/template.h"
#include "config/problems.h"
#include "daedalus/error.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

constexpr std::string_view kRoot = "sql/";
constexpr std::string_view kStages = "sql/skeleton/";

Error refusal(const std::string& what, const std::string& fix) {
  return {ErrorKind::kConfig, "--sql-dir: " + what, fix};
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) throw refusal("can't read " + path.string(), "make it readable");
  return text.str();
}

// The name of a stage's SQL, from its path in the source tree.
std::string stage_name(std::string_view path) {
  path.remove_prefix(kStages.size());
  return std::string(path.substr(0, path.rfind('.')));
}

}  // namespace

SqlLibrary::SqlLibrary(const FeedKeys& keys, std::filesystem::path sql_dir)
    : sql_dir_(std::move(sql_dir)),
      key_names_{{"user", quote_identifier(keys.user)},
                 {"item", quote_identifier(keys.item)},
                 {"time", quote_identifier(keys.time)},
                 {"event", quote_identifier(keys.event)}} {
  if (sql_dir_.empty()) return;
  if (!std::filesystem::is_directory(sql_dir_ / "skeleton")) {
    throw refusal(sql_dir_.string() + " has no directory skeleton", "give an edited copy of sql/");
  }
  std::vector<std::string> names;
  for (const EmbeddedFile& built_in : embedded_files()) {
    if (!built_in.path.starts_with(kRoot)) continue;
    const bool is_stage = built_in.path.starts_with(kStages);
    if (is_stage) names.push_back(stage_name(built_in.path));
    const auto path = sql_dir_ / built_in.path.substr(kRoot.size());
    if (!std::filesystem::exists(path)) continue;
    std::string text = read_file(path);
    if (text == built_in.text) continue;
    if (!is_stage)
      throw refusal(path.string() + " differs, but only skeleton/ can be edited without a rebuild",
                    "rebuild with it instead");
    edited_[names.back()] = std::move(text);
  }
  for (const auto& entry : std::filesystem::directory_iterator(sql_dir_ / "skeleton")) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() != ".sql" || std::ranges::find(names, name) != names.end())
      continue;
    throw refusal(entry.path().string() + " is the SQL of no stage",
                  config::did_you_mean(name, names));
  }
}

std::string SqlLibrary::select(const std::string& name,
                               const std::map<std::string, std::string>& markers) const {
  const auto found = edited_.find(name);
  if (found == edited_.end()) return fill_template(embedded_file(file(name)), markers, key_names_);
  try {
    return fill_template(found->second, markers, key_names_);
  } catch (const Error& error) {
    throw refusal(file(name) + ": " + error.what(), "take the markers of the built-in file");
  }
}

std::string SqlLibrary::file(const std::string& name) const {
  if (is_edited(name)) return (sql_dir_ / "skeleton" / (name + ".sql")).string();
  return std::string(kStages) + name + ".sql";
}

}  // namespace daedalus
