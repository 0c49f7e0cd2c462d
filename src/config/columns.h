// The columns that meet in one row of the skeleton stage, by the step that makes them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "config/draft.h"

namespace daedalus::config {

/// Who makes a column, as bits of a set.
enum Maker : unsigned {
  kFeed = 1,          ///< The feed.
  kStatic = 2,        ///< Step 4, from a view of artworks.
  kFeature = 4,       ///< A view of feature_refs.
  kAge = 8,           ///< An age column.
  kAggregation = 16,  ///< The rolling step.
  kJoin = 32,         ///< A windowed join.
  kQid = 64,          ///< Numbering the sessions.
};
constexpr unsigned kSpine = kFeed | kStatic;
constexpr unsigned kDated = kFeed | kStatic | kFeature;
constexpr unsigned kCurated = kDated | kAge | kAggregation | kJoin;
constexpr unsigned kAll = kCurated | kQid;

class Columns {
 public:
  explicit Columns(const Draft& draft) : draft_(draft) {}

  /// Adds a column; one of the same name by another `owner` is a problem at `key`. `owner` names
  /// the maker to the user: "the feed", "the view user_profile".
  void add(const std::string& name, Maker maker, const std::string& owner, const std::string& key);

  [[nodiscard]] bool has(const std::string& name, unsigned makers) const;
  [[nodiscard]] std::vector<std::string> names(unsigned makers) const;

  /// Puts the declared spelling into `name`, or reports at `key` that none of `makers` makes it.
  void resolve(std::string& name, unsigned makers, const std::string& key) const;

  /// Makes resolve() silent about `name`, whose maker could not be read.
  void excuse(const std::string& name) { excused_.insert(lower(name)); }
  [[nodiscard]] bool is_excused(const std::string& name) const;

 private:
  struct Column {
    std::string name;
    std::string owner;
    unsigned makers = 0;
  };

  [[nodiscard]] std::string fix_for(const std::string& name, unsigned makers) const;

  const Draft& draft_;
  std::map<std::string, Column> columns_;  // By lower-case name.
  std::vector<std::string> order_;         // Keys of columns_, as added.
  std::set<std::string> excused_;
};

}  // namespace daedalus::config
