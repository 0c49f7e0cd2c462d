// The catalog as tables and as JSON.
#pragma once

#include <string>
#include <vector>

#include "cli/json.h"
#include "daedalus/catalog.h"

namespace daedalus::cli {

/// A line a source.
std::string source_table(const std::vector<SourceSummary>& sources);

/// One source: what it is, and a line a column.
std::string source_details(const SourceSummary& source);

/// A line per day of each partition, then one with the partition's sums.
std::string day_table(const std::vector<FeedPartitionDays>& partitions);

/// The day, and a line a source.
std::string coverage_table(const DayCoverage& coverage);

Json to_json(const SourceSummary& source);
Json to_json(const std::vector<SourceSummary>& sources);
Json to_json(const std::vector<FeedPartitionDays>& partitions);
Json to_json(const DayCoverage& coverage);

}  // namespace daedalus::cli
