#include <algorithm>

#include "config/yaml.h"
#include "fuzz_target.h"

namespace daedalus::fuzz {
namespace {

using config::Node;

// How deep `node` is, counting itself.
int depth_of(const Node& node) {
  int deepest = 0;
  for (const Node& item : node.items) deepest = std::max(deepest, depth_of(item));
  for (const config::Entry& entry : node.entries)
    deepest = std::max(deepest, depth_of(entry.value));
  return deepest + 1;
}

// Line 1 is the first.
void check_lines(const Node& node, int lines) {
  require(node.where.line >= 1 && node.where.line <= lines, "a node on a line that is not there");
  for (const Node& item : node.items) check_lines(item, lines);
  for (const config::Entry& entry : node.entries) check_lines(entry.value, lines);
}

}  // namespace

void yaml(std::string_view bytes) {
  config::Problems problems;
  const std::optional<Node> node = config::parse_yaml(bytes, {.file = "fuzzed"}, problems);
  require(node || !problems.empty(), "a text is refused without a word");
  for (const Problem& problem : problems.sorted())
    require(problem.where.file == "fuzzed" && !problem.what.empty(), "a problem without a place");
  if (!node) return;
  require(depth_of(*node) <= 33, "a tree deeper than the limit");
  check_lines(*node, 2 + static_cast<int>(std::ranges::count(bytes, '\n')) +
                         static_cast<int>(std::ranges::count(bytes, '\r')));

  const std::string flow = config::to_flow(*node);
  require(flow.find('\n') == std::string::npos, "flow text of several lines");
  config::Problems none;
  const std::optional<Node> again = config::parse_yaml(flow, {.file = "flow"}, none);
  require(again && none.empty(), "the flow text of a tree can't be read: " + flow);
  require(config::to_flow(*again) == flow, "the flow text reads back as another tree: " + flow);
}

}  // namespace daedalus::fuzz
