// The listing of every value in force, and where it came from.
#include <algorithm>
#include <map>

#include "config/draft.h"
#include "config/tree.h"

namespace daedalus::config {
namespace {

bool is_leaf(const Node& node) {
  if (node.is_mapping()) return node.entries.empty();
  return std::none_of(node.items.begin(), node.items.end(),
                      [](const Node& item) { return item.is_mapping() || item.is_sequence(); });
}

// Lists what stands below `node`, which is `key`. `setting`: what holds it and is given as a whole,
// or empty while each key may be given by itself, as in the root and among the views.
void list(const Node& node, const std::string& key, std::string setting,
          std::vector<EffectiveValue>& values) {
  const bool is_by_key = node.merges || key.empty() || key == "views";
  if (setting.empty() && (!is_by_key || is_leaf(node))) setting = key;
  if (is_leaf(node)) {
    values.push_back({.key = key,
                      .value = to_flow(node),
                      .origin = node.where,
                      .is_default = node.is_default,
                      .setting = setting});
    return;
  }
  for (const Entry& entry : node.entries) {
    list(entry.value, key.empty() ? entry.key : key + "." + entry.key, setting, values);
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    list(node.items[i], key + "[" + std::to_string(i) + "]", setting, values);
  }
}

using Settings = std::map<std::string, std::map<std::string, std::string>>;

Settings settings_of(const std::vector<EffectiveValue>& values) {
  Settings settings;
  for (const EffectiveValue& value : values) settings[value.setting][value.key] = value.value;
  return settings;
}

}  // namespace

std::vector<EffectiveValue> list_effective(const Node& root) {
  std::vector<EffectiveValue> shipped;
  list(shipped_root(), "", "", shipped);
  const Settings defaults = settings_of(shipped);
  std::vector<EffectiveValue> values;
  list(root, "", "", values);
  const Settings settings = settings_of(values);
  for (EffectiveValue& value : values) {
    const auto found = defaults.find(value.setting);
    value.setting_equals_default =
        found != defaults.end() && found->second == settings.at(value.setting);
  }
  return values;
}

}  // namespace daedalus::config
