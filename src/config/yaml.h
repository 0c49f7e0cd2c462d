// Reading YAML text into a tree. The one file that knows yaml-cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "config/node.h"
#include "config/problems.h"

namespace daedalus::config {

/// Longer texts are refused.
inline constexpr std::size_t kMaxYamlBytes = 4 << 20;

/// Where a text comes from.
struct Origin {
  std::string file;
  bool has_lines = true;
  bool is_default = false;
};

/// The tree of one YAML document; an empty text is a null node. Without a value when the text
/// can't be read, which `problems` then tells. A key given twice is told too, and the first kept.
std::optional<Node> parse_yaml(std::string_view text, const Origin& origin, Problems& problems);

}  // namespace daedalus::config
