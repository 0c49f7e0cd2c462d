// Which rows of a partition's files count: those whose time lies in it.
#pragma once

#include <string>

#include "catalog/source_files.h"

namespace daedalus {

/// SQL: whether the instant `time` lies in the partition. NULL and infinity never do. In a form by
/// which readers skip what the statistics of files rule out.
std::string lies_in(const FeedPartition& partition, const std::string& time);

/// SQL: where an instant that doesn't lie in the partition is: 'null_time', 'before' it, or 'after'
/// it began.
std::string place_outside(const FeedPartition& partition, const std::string& time);

}  // namespace daedalus
