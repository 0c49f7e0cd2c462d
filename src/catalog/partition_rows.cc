#include "catalog/partition_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

namespace daedalus {

std::string lies_in(const FeedPartition& partition, const std::string& time) {
  if (partition.interval == kAlways)
    return fmt::format("{0} > TIMESTAMP '-infinity' AND {0} < TIMESTAMP 'infinity'", time);
  if (partition.times.empty()) return "FALSE";
  std::vector<std::string> inside;
  for (const Interval& each : partition.times) {
    inside.push_back(fmt::format("{0} >= {1} AND {0} < {2}", time, sql_timestamp(each.begin),
                                 sql_timestamp(each.end)));
  }
  return inside.size() == 1 ? inside.front() : fmt::format("({})", fmt::join(inside, " OR "));
}

std::string place_outside(const FeedPartition& partition, const std::string& time) {
  const std::string begin =
      partition.interval == kAlways ? "TIMESTAMP 'epoch'" : sql_timestamp(partition.interval.begin);
  return fmt::format(
      "CASE WHEN {0} IS NULL THEN 'null_time' WHEN {0} < {1} THEN 'before' ELSE 'after' END", time,
      begin);
}

}  // namespace daedalus
