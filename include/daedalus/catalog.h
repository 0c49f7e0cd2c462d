// The catalog: the names of the configuration, resolved to files and column types.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daedalus/config.h"

namespace arrow {
class Table;
}

namespace daedalus {

/// Rows of one day in one partition of the feed.
struct FeedDay {
  std::string day;  ///< "YYYY-MM-DD".
  std::int64_t rows = 0;
};

/// What `daeda catalog days` tells of one partition of the feed.
struct FeedPartitionDays {
  std::string partition;  ///< "2026-05", "2026-05-15", "2026-05-15T07", "2026", or "all".
  std::size_t files = 0;
  std::vector<FeedDay> days;        ///< Days with rows that lie in the partition, in order of time.
  std::int64_t misplaced_rows = 0;  ///< Rows whose time lies outside the partition: never used.
  std::int64_t null_time_rows = 0;  ///< Rows without a time: never used.
  std::string error;                ///< Not empty when a file can't be read.
  std::int64_t misplaced_before = 0;  ///< Misplaced rows from before the partition begins,
  std::int64_t misplaced_after = 0;   ///< and the others.
};

/// One source of the catalog and what was found at its path.
struct SourceSummary {
  std::string name;  ///< "feed", "embedding_pool" or the view's name.
  std::string kind;  ///< "feed", "feature view" or "embedding pool".
  std::string path;
  std::string format;
  std::size_t files = 0;
  std::int64_t bytes = 0;
  std::vector<std::pair<std::string, std::string>>
      columns;        ///< Declared column and its DuckDB type, when readable.
  std::string error;  ///< Why the columns are unknown; empty when all is well.
};

/// All sources with their files and declared columns. Reads metadata only.
std::vector<SourceSummary> list_catalog(const Config& config);

/// The source of that name. Reads metadata only. Throws Error{kConfig} for a name that the catalog
/// does not have.
SourceSummary show_source(const Config& config, const std::string& name);

/// A feature view as a row gets it: its entity and `features`, the latest row of each entity by
/// `timestamp_field`, in the order of the entity. Of `ids` alone, where they are given (integers as
/// decimal text); those that the view does not have are left out. Throws Error: kConfig when the
/// catalog has no such view, kInput when it can't be read.
std::shared_ptr<arrow::Table> read_view(
    const Config& config, const std::string& view,
    const std::optional<std::vector<std::string>>& ids = std::nullopt);

/// Counts the feed's rows per partition and day. Reads the time column of every file.
std::vector<FeedPartitionDays> list_feed_days(const Config& config);

/// At most `rows` rows of the source `name`, the same ones for the same files: those whose key (the
/// view's entity, the pool's key, the feed's user_id) comes first in the order of its XXH3-64 hash,
/// which spreads them over the source. A key's rows stand together, newest first: a view's rows are
/// the versions of an entity, of which a join takes the first. Columns in the catalog's names and
/// types, codes of the feed not yet encoded.
///
/// Throws Error: kConfig for a name that the catalog does not have, kInput when a file is missing,
/// unreadable or of another shape.
std::shared_ptr<arrow::Table> sample_source(const Config& config, const std::string& name,
                                            std::int64_t rows);

/// How many of a day's ids a source knows.
struct SourceCoverage {
  std::string name;             ///< The view's name, or "embedding_pool".
  std::string kind;             ///< "feature view" or "embedding pool".
  std::string key;              ///< The feed's column that is looked up: user_id or artwork_id.
  std::int64_t ids = 0;         ///< Distinct ids of the day.
  std::int64_t ids_found = 0;   ///< Those that the source has a row of; in the pool, a vector.
  std::int64_t rows = 0;        ///< Valid rows of the day, before any filter.
  std::int64_t rows_found = 0;  ///< Those whose id is found.
  std::string error;            ///< Why the source can't be read; empty when all is well.
};

/// The coverage of one day by every view and the embedding pool.
struct DayCoverage {
  std::string day;                      ///< "YYYY-MM-DD".
  std::vector<SourceCoverage> sources;  ///< The views by name, then the pool.
};

/// Looks up the ids of `day`'s valid rows in every view and in the embedding pool, whether a run
/// would read them or not. Without `day`, of the last day of feed_start..feed_end that has rows.
/// Throws Error: kConfig for a day outside that range, kInput for one without rows or a feed that
/// can't be read. A view or pool that can't be read has its `error` set and stops no other.
DayCoverage list_coverage(const Config& config,
                          std::optional<std::chrono::sys_days> day = std::nullopt);

}  // namespace daedalus
