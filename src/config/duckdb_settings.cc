// DuckDB's settings that Daedalus owns: the result, or the isolation of a run, rests on them.
#include "config/duckdb_settings.h"

#include <array>
#include <string_view>

#include "config/problems.h"

namespace daedalus::config {
namespace {

struct Owned {
  std::string_view name;
  std::string_view reason;
};

constexpr std::string_view kExtensions = "a run never fetches or finds extensions by itself";
constexpr std::string_view kIsolation = "a run touches no files but those of its configuration";
constexpr std::string_view kResult = "the result would depend on it";

constexpr std::array<Owned, 30> kOwned = {{
    {"access_mode", kIsolation},
    {"allow_community_extensions", kExtensions},
    {"allow_extensions_metadata_mismatch", kExtensions},
    {"allow_unsigned_extensions", kExtensions},
    {"allowed_directories", kIsolation},
    {"allowed_paths", kIsolation},
    {"autoinstall_extension_repository", kExtensions},
    {"autoinstall_known_extensions", kExtensions},
    {"autoload_known_extensions", kExtensions},
    {"calendar", kResult},
    {"custom_extension_repository", kExtensions},
    {"default_collation", kResult},
    {"default_null_order", kResult},
    {"default_order", kResult},
    {"disabled_filesystems", kIsolation},
    {"enable_external_access", kIsolation},
    {"extension_directories", kExtensions},
    {"extension_directory", kExtensions},
    {"file_search_path", kIsolation},
    {"home_directory", kIsolation},
    {"ieee_floating_point_ops", kResult},
    {"integer_division", kResult},
    {"lock_configuration", kIsolation},
    {"null_order", kResult},
    {"old_implicit_casting", kResult},
    {"preserve_insertion_order", kResult},
    {"scalar_subquery_error_on_multiple_rows", kResult},
    {"schema", kIsolation},
    {"secret_directory", kIsolation},
    {"timezone", kResult},
}};

// Other names of one setting. Beside the default of the first they would fight over it.
constexpr std::array<Owned, 3> kAliases = {{
    {"max_memory", "memory_limit"},
    {"worker_threads", "threads"},
    {"wal_autocheckpoint", "checkpoint_threshold"},
}};

}  // namespace

Objection object_to_setting(const std::string& name) {
  const std::string wanted = lower(name);
  for (const auto& [owned, reason] : kOwned) {
    if (owned == wanted) {
      return {"Daedalus sets " + name + " itself: " + std::string(reason), "remove it"};
    }
  }
  for (const auto& [alias, proper] : kAliases) {
    if (alias != wanted) continue;
    return {name + " is another name of " + std::string(proper), "write " + std::string(proper)};
  }
  if (wanted != name) return {"DuckDB's settings are written in lower case", "write " + wanted};
  return {};
}

}  // namespace daedalus::config
