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
  return {day_start(day - lookback(config)), interval_of(day).end};
}

Interval interval_of(Day day) { return {day_start(day), day_start(day) + kMicrosPerDay}; }

std::vector<FeedPartition> partitions_for(const Catalog& catalog, Day first, Day last) {
  const bool cumulative =
      std::ranges::any_of(catalog.config().aggregation_specs, &AggregationSpec::cumulative);
  const Micros begin = cumulative ? kAlways.begin : spine_of(catalog.config(), first).begin;
  return catalog.partitions_in({begin, interval_of(last).end});
}

}  // namespace daedalus
