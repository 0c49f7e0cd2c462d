// Which events of the configuration no row of the feed has.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "catalog/catalog.h"

namespace daedalus {

/// Those of `events` that no row in `partitions` has, each row in its own partition. Reads the
/// event column, newest partition first, and no further than it must. None, when a file can't be
/// read: it may have them.
std::set<std::string> absent_events(const Catalog& catalog, std::set<std::string> events,
                                    const std::vector<FeedPartition>& partitions);

}  // namespace daedalus
