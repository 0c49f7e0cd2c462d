// The whole configuration as one tree: the files of a directory over the shipped defaults, with
// --set and ${ENV} applied. Its keys are those of `config show`: feed, embedding_pool, views.NAME,
// aggregations, runtime.
#pragma once

#include <filesystem>
#include <string_view>

#include "config/node.h"
#include "config/problems.h"

namespace daedalus::config {

struct Tree {
  Node root;
  /// Every file is there and is YAML: what one file says of another can be judged.
  bool complete = true;
  /// Where catalog/embedding_pool.yaml is missing, its path.
  std::filesystem::path missing_pool;
};

/// Reads `dir` over the defaults. A missing file or one that is no YAML becomes a problem, and its
/// defaults stand in for it.
Tree read_tree(const std::filesystem::path& dir, Problems& problems);

/// Applies one "a.b[0].c=value" of the command line.
void apply_override(Node& root, std::string_view text, Problems& problems);

/// Puts the environment's values into the paths of the configuration.
void expand_environment(Node& root, Problems& problems);

/// Lays `over` onto `base`, both mappings: a mapping marked `merges` key by key, all else replaced.
void overlay(Node& base, Node over);

/// The defaults of catalog/embedding_pool.yaml.
Node shipped_pool();

/// The defaults of all files, as a tree.
Node shipped_root();

}  // namespace daedalus::config
