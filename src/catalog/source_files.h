// From a path of the configuration to the files that stand there: datasets, partitions of the feed.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/day.h"
#include "base/time_zone.h"
#include "catalog/path_columns.h"
#include "daedalus/config.h"
#include "engine/engine.h"

namespace daedalus {

/// A file as the manifest remembers it.
struct InputFile {
  std::string path;
  std::int64_t bytes = 0;
  std::int64_t mtime_us = 0;  ///< Modification time, microseconds since 1970.
  auto operator<=>(const InputFile&) const = default;
};

/// One thing that a reader opens: a file, or a Lance dataset with all its files.
struct Dataset {
  std::string path;
  std::vector<InputFile> files;
  /// Of `path_columns`, those that directories `name=value` of the path give, by our name.
  std::map<std::string, std::optional<std::string>> path_values;
};

/// The datasets at a source's path, in the order of their paths; empty when there are none. Names
/// that begin with `_` or `.`, and what lies below such directories, are only found where the path
/// spells them out. Throws Error{kInput} when the path up to its first wildcard is a link that
/// leads out of what `engine` may touch, and when plain files stand in the directory of a table
/// format.
std::vector<Dataset> list_datasets(const Engine& engine, const Source& source,
                                   const PathColumns& path_columns = {});

/// A problem when the dataset, or a part of it, is a link that leads out of the directories that
/// `engine` may touch.
std::optional<Problem> find_link_out(const Engine& engine, const Dataset& dataset);

/// All of time: the interval of a feed that is not partitioned.
inline constexpr Interval kAlways{std::numeric_limits<Micros>::min(),
                                  std::numeric_limits<Micros>::max()};

/// One partition of the feed: what its path says of its time.
struct FeedPartition {
  std::string label;  ///< "2026", "2026-05", "2026-05-15", "2026-05-15T07", or "all".
  Interval interval;  ///< From the beginning to the end of `times`.
  /// When its rows lie. One interval; several of an hour that clocks show again after others, and
  /// none of a day or hour that the zone skips.
  std::vector<Interval> times;
  std::vector<Dataset> datasets;

  /// The same partition with these datasets alone.
  [[nodiscard]] FeedPartition with(std::vector<Dataset> some) const {
    return {label, interval, times, std::move(some)};
  }
  /// Whether rows of `other` may lie in it.
  [[nodiscard]] bool overlaps(const Interval& other) const;
};

/// The feed's partitions that exist, in order of time; days and hours are those of `day_zone`.
/// Files whose partition fields make no date belong to none. Throws as list_datasets() does.
std::vector<FeedPartition> list_feed_partitions(const Engine& engine, const Source& source,
                                                const PathColumns& path_columns,
                                                const TimeZone& day_zone);

}  // namespace daedalus
