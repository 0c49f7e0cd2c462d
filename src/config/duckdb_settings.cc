// DuckDB's settings by name: those of speed and room are the configuration's, others are not.
#include "config/duckdb_settings.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/secret_name.h"
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

// What changes only how fast a run is and what it takes for that. Any other setting may write files
// (log_query_path), hold a password or change a result, now or in a later DuckDB.
const std::vector<std::string>& given_settings() {
  static const std::vector<std::string> kNames{"allocator_background_threads",
                                               "allocator_bulk_deallocation_flush_threshold",
                                               "allocator_flush_threshold",
                                               "asof_loop_join_threshold",
                                               "block_allocator_memory",
                                               "checkpoint_threshold",
                                               "debug_force_external",
                                               "disable_parquet_prefetching",
                                               "disabled_optimizers",
                                               "dynamic_or_filter_threshold",
                                               "enable_caching_operators",
                                               "enable_external_file_cache",
                                               "enable_object_cache",
                                               "external_threads",
                                               "late_materialization_max_rows",
                                               "max_temp_directory_size",
                                               "memory_limit",
                                               "merge_join_threshold",
                                               "nested_loop_join_threshold",
                                               "ordered_aggregate_threshold",
                                               "parquet_metadata_cache",
                                               "partitioned_write_flush_threshold",
                                               "partitioned_write_max_open_files",
                                               "perfect_ht_threshold",
                                               "pin_threads",
                                               "pivot_filter_threshold",
                                               "prefer_range_joins",
                                               "prefetch_all_parquet_files",
                                               "scheduler_process_partial",
                                               "streaming_buffer_size",
                                               "temp_directory",
                                               "temp_file_encryption",
                                               "threads",
                                               "write_buffer_row_group_count",
                                               "write_buffer_row_group_memory_limit"};
  return kNames;
}

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
  if (names_secret(name)) {
    return {"a secret has no place in a configuration, which is shown and copied",
            "remove it; a run reads local files alone, and needs none"};
  }
  const std::vector<std::string>& given = given_settings();
  if (std::ranges::find(given, name) == given.end()) {
    const std::string nearest = did_you_mean(name, given);
    return {name + " is none of DuckDB's settings of speed and room, which alone can be given",
            nearest.empty() ? "remove it, or write one of " + join(given) : nearest};
  }
  return {};
}

}  // namespace daedalus::config
