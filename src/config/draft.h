// The configuration while it is read: the structs, and what reading could not make out. Lists keep
// an element for every item of the file, so that "runtime.curation[2]" is one in both.
#pragma once

#include <string>
#include <vector>

#include "config/node.h"
#include "config/problems.h"
#include "config/reader.h"
#include "daedalus/config.h"

namespace daedalus::config {

struct Draft {
  const Node& root;
  Problems& problems;
  Config config;
  std::vector<std::string> feature_refs;   ///< As written, `view` or `view:feature`.
  std::vector<std::string> count_columns;  ///< By spec: the `column` that its `agg: count` ignores.

  /// Some names of columns could not be read: that a name is unknown proves nothing then.
  bool names_complete = true;
  /// Starts of names of which the rest could not be read.
  std::vector<std::string> open_prefixes;

  [[nodiscard]] Value at(const std::string& name) const {
    return {*root.find(name), name, problems};
  }
  /// The place of `key`, or of the nearest that encloses it.
  [[nodiscard]] SourceLocation where(const std::string& key) const {
    return locate(root, key).node->where;
  }
  void complain(const std::string& key, const std::string& what, std::string fix = {}) const {
    problems.add(where(key), tell_key(root, key) + ": " + what, std::move(fix));
  }
};

void read_feed(Draft& draft);
void read_views(Draft& draft);
void read_embedding_pool(Draft& draft);
void read_aggregations(Draft& draft);
void read_runtime(Draft& draft);

/// The events of `value`, each once; an empty list is a problem.
std::vector<std::string> read_events(const Value& value);

/// Judges what one part of the configuration says of another, and puts the declared spelling of
/// every column and view in place of the one that refers to it.
void check(Draft& draft);

/// Every leaf of the tree, in the order of the files.
std::vector<EffectiveValue> list_effective(const Node& root);

}  // namespace daedalus::config
