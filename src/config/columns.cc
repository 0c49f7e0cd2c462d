// The columns of a row, their collisions, and references to them.
#include "config/columns.h"

#include <algorithm>

namespace daedalus::config {

void Columns::add(const std::string& name, Maker maker, const std::string& owner,
                  const std::string& key) {
  if (name.empty()) return;  // It could not be read, which was reported.
  if (name.starts_with("__") || same_name(name, "file_row_number")) {
    draft_.complain(key,
                    owner + " makes a column '" + name + "', a name that Daedalus keeps for itself",
                    "rename it, in the feed by `columns`");
  }
  const auto [found, is_new] = columns_.try_emplace(lower(name), Column{name, owner, maker});
  if (is_new) {
    order_.push_back(found->first);
    return;
  }
  Column& other = found->second;
  constexpr unsigned kView = kStatic | kFeature;
  if (other.owner == owner && (other.makers & kView) != 0 && (maker & kView) != 0) {
    other.makers |= maker;  // Of one view, loaded for two purposes.
    return;
  }
  const std::string both = other.owner == owner
                               ? owner + " makes the column '" + name + "' twice"
                               : owner + " and " + other.owner + " both make a column '" + name +
                                     "', and they meet in one row";
  draft_.complain(key, both, "rename or remove one of them");
}

bool Columns::has(const std::string& name, unsigned makers) const {
  const auto found = columns_.find(lower(name));
  return found != columns_.end() && (found->second.makers & makers) != 0;
}

std::vector<std::string> Columns::names(unsigned makers) const {
  std::vector<std::string> names;
  for (const std::string& key : order_) {
    const Column& column = columns_.at(key);
    if ((column.makers & makers) != 0) names.push_back(column.name);
  }
  return names;
}

bool Columns::is_excused(const std::string& name) const {
  if (!draft_.names_complete || excused_.contains(lower(name))) return true;
  return std::any_of(
      draft_.open_prefixes.begin(), draft_.open_prefixes.end(),
      [&](const std::string& start) { return lower(name).starts_with(lower(start)); });
}

std::string Columns::fix_for(const std::string& name, unsigned makers) const {
  if ((makers & kFeature) != 0) {
    for (const auto& [view_name, view] : draft_.config.views) {
      for (const std::string& feature : view.features) {
        if (same_name(feature, name)) return "add its view " + view_name + " to feature_refs";
      }
    }
  }
  return did_you_mean(name, names(makers));
}

void Columns::resolve(std::string& name, unsigned makers, const std::string& key) const {
  if (name.empty()) return;
  const auto found = columns_.find(lower(name));
  if (found != columns_.end() && (found->second.makers & makers) != 0) {
    name = found->second.name;
    return;
  }
  if (found != columns_.end()) {
    draft_.complain(key,
                    "the column '" + name + "' of " + found->second.owner + " can't stand here",
                    did_you_mean(name, names(makers)));
  } else if (!is_excused(name)) {
    draft_.complain(key, "no step makes a column '" + name + "'", fix_for(name, makers));
  }
}

}  // namespace daedalus::config
