// Which time a day's spine covers, and which partitions of the feed it reads for that.
#include <algorithm>

#include "plan/plan.h"

namespace daedalus {

std::chrono::days lookback(const Config& config) {
  Micros longest = 0;
  for (const AggregationSpec& spec : config.aggregation_specs) {
    for (const Duration& window : spec.windows) longest = std::max(longest, window.micros);
  }
  return std::chrono::days((longest + kMicrosPerDay - 1) / kMicrosPerDay);
}

Interval spine_of(const Config& config, Day day) {
  return {day_start(day - lookback(config)), day_start(day) + kMicrosPerDay};
}

std::vector<FeedPartition> partitions_for(const Catalog& catalog, Day day) {
  const bool cumulative =
      std::ranges::any_of(catalog.config().aggregation_specs, &AggregationSpec::cumulative);
  Interval interval = spine_of(catalog.config(), day);
  if (cumulative) interval.begin = kAlways.begin;
  return catalog.partitions_in(interval);
}

}  // namespace daedalus
