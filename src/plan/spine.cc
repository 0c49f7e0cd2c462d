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

Interval spine_of(const Catalog& catalog, Day day) {
  const Interval own = catalog.day_zone().interval_of(day);
  return {own.begin - lookback(catalog.config()).count() * kMicrosPerDay, own.end};
}

std::vector<FeedPartition> partitions_for(const Catalog& catalog, Day first, Day last) {
  const bool cumulative =
      std::ranges::any_of(catalog.config().aggregation_specs, &AggregationSpec::cumulative);
  const Micros begin = cumulative ? kAlways.begin : spine_of(catalog, first).begin;
  return catalog.partitions_in({begin, catalog.day_zone().interval_of(last).end});
}

}  // namespace daedalus
