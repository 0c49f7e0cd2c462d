// What a published day was made from, and whether it would be made from the same now.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catalog/catalog.h"
#include "daedalus/skeleton.h"
#include "daedalus/staleness.h"
#include "plan/sql_library.h"

namespace daedalus {

/// Names and what stands behind each.
using Facts = std::vector<std::pair<std::string, std::string>>;

/// All that can change a day's rows besides its input files. Threads, memory, workers and paths of
/// output and spill can't.
struct Recipe {
  Facts configuration;      ///< Effective key to value.
  Facts feed_columns;       ///< Column to type.
  Facts edited_sql;         ///< Name of a SQL file that is edited to a hash of its text.
  std::string fingerprint;  ///< Of all of these.
  /// Each key to what is given as a whole and holds it; see EffectiveValue.
  std::map<std::string, std::string> settings;
  std::set<std::string> default_settings;  ///< Those of them that equal their default.
};

/// The recipe of every day that is computed with `catalog` and `sql`.
Recipe recipe_of(const Catalog& catalog, const SqlLibrary& sql);

/// What stands at the place of a day.
struct PublishedDay {
  DayReport report;                  ///< What its manifest says; no rows where there is none.
  std::vector<StaleReason> reasons;  ///< Why it is to compute; empty when it is up to date.
};

/// Where the partition of `day` stands.
std::filesystem::path day_directory(const std::filesystem::path& output_root, Day day);

/// What a day reads.
struct DayInputs {
  std::vector<InputFile> files;        ///< Sorted.
  std::set<std::string> feed_columns;  ///< Declared columns that its files of the feed have.
};

/// Compares the published `day` with what `recipe` and `inputs` would give now: the files by path,
/// size and modification time, the parts by size. A column that the feed has got since counts only
/// where the day's own files have it.
PublishedDay look_at_published(const std::filesystem::path& output_root, Day day,
                               const Recipe& recipe, const DayInputs& inputs);

/// Whether the manifest of a published day with the fingerprint of `recipe` holds a warning of that
/// name.
bool some_day_warns(const std::filesystem::path& output_root, const Recipe& recipe,
                    const std::string& name);

/// The names whose values differ between `before` and `now`, in order. A list `a.b[0]`, `a.b[1]`, …
/// with another number of items is named as `a.b`: an item in its middle moves all after it.
std::vector<std::string> changed_names(const Facts& before, const Facts& now);

}  // namespace daedalus
