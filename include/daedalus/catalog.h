// The catalog: the names of the configuration, resolved to files and column types.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daedalus/config.h"

namespace daedalus {

/// Rows of one day in one partition of the feed.
struct FeedDay {
  std::string day;  ///< "YYYY-MM-DD".
  std::int64_t rows = 0;
};

/// What `daeda catalog days` tells of one partition of the feed.
struct FeedPartitionDays {
  std::string partition;  ///< "2026-05", "2026-05-15", "2026", or "all".
  std::size_t files = 0;
  std::vector<FeedDay> days;        ///< Days with rows that lie in the partition, in order of time.
  std::int64_t misplaced_rows = 0;  ///< Rows whose time lies outside the partition: never used.
  std::int64_t null_time_rows = 0;  ///< Rows without a time: never used.
  std::string error;                ///< Not empty when a file can't be read.
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

/// Counts the feed's rows per partition and day. Reads the time column of every file.
std::vector<FeedPartitionDays> list_feed_days(const Config& config);

}  // namespace daedalus
