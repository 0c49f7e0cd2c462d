// The listing of every value in force, and where it came from.
#include <algorithm>

#include "config/draft.h"

namespace daedalus::config {
namespace {

bool is_leaf(const Node& node) {
  if (node.is_mapping()) return node.entries.empty();
  return std::none_of(node.items.begin(), node.items.end(),
                      [](const Node& item) { return item.is_mapping() || item.is_sequence(); });
}

void list(const Node& node, const std::string& key, std::vector<EffectiveValue>& values) {
  if (is_leaf(node)) {
    values.push_back({key, to_flow(node), node.where, node.is_default});
    return;
  }
  for (const Entry& entry : node.entries) {
    list(entry.value, key.empty() ? entry.key : key + "." + entry.key, values);
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    list(node.items[i], key + "[" + std::to_string(i) + "]", values);
  }
}

}  // namespace

std::vector<EffectiveValue> list_effective(const Node& root) {
  std::vector<EffectiveValue> values;
  list(root, "", values);
  return values;
}

}  // namespace daedalus::config
