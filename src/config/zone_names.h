// The names of time zones that a configuration can give.
#pragma once

#include <string>
#include <vector>

namespace daedalus::config {

/// All names, in byte order.
const std::vector<std::string>& zone_names();

/// The name that is probably meant by one that is none; empty where none is near.
std::string nearest_zone(const std::string& name);

}  // namespace daedalus::config
