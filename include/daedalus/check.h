// Whether a configuration, its sources and the SQL of its stages hold together, found without
// reading rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "daedalus/config.h"
#include "daedalus/warning.h"

namespace daedalus {

/// One relation of the plan, bound on empty typed relations: its name and columns.
struct BoundRelation {
  std::string stage;
  std::string name;
  std::string sql_file;                                      ///< Empty for an input.
  std::vector<std::pair<std::string, std::string>> columns;  ///< Name and DuckDB type.
};

/// A source that a run reads.
struct CheckedSource {
  std::string name;  ///< "feed", "view x" or "embedding pool".
  std::size_t files = 0;
  std::int64_t bytes = 0;
  std::size_t columns = 0;  ///< Of those that the catalog declares.
};

/// What was checked, and found in order.
struct SkeletonCheck {
  std::vector<CheckedSource> sources;    ///< The feed, the views that a run reads, the pool.
  std::vector<std::string> partitions;   ///< Of the feed, in order of time: "2026-05".
  std::int64_t lookback_days = 0;        ///< Before each target day.
  std::size_t aggregation_columns = 0;   ///< Of rolling aggregations.
  std::size_t output_columns = 0;        ///< With the qid, where it is added.
  std::vector<BoundRelation> relations;  ///< Of a sweep of days, and of a day.
  std::vector<std::string> assumptions;  ///< A line for each source without files.
  std::vector<Warning> warnings;         ///< Those of a run that names and files alone show.
};

struct CheckOptions {
  std::filesystem::path sql_dir;  ///< Read stage SQL from here where it has the file.
  bool allow_missing = false;     ///< Assume what a source without files declares.
};

/// Reads the schemas of the sources (of text formats also their rows, where types are not known
/// yet), and binds every relation of a day's plan on empty typed relations. Throws Error as
/// run_skeleton_stage() does: kConfig, kInput with every source that is not there, or kDataCheck
/// for a warning that the configuration makes an error.
SkeletonCheck check_skeleton_stage(const Config& config, const CheckOptions& options = {});

}  // namespace daedalus
