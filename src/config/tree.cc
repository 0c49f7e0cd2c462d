// The files of a configuration directory, laid over the shipped ones.
#include "config/tree.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "base/embedded.h"
#include "config/yaml.h"

namespace daedalus::config {
namespace {

namespace fs = std::filesystem;

const std::string kShipped = "config/";
const std::string kPool = "catalog/embedding_pool.yaml";

// The mappings of a file whose keys are fixed. DuckDB's settings count as such.
constexpr std::array<std::string_view, 6> kFixedKeys = {
    "source",        "keys", "compute", "compute.duckdb_config", "embedding_coverage_filter",
    "session_filter"};

void mark_merging(Node& file) {
  file.merges = true;
  for (const std::string_view key : kFixedKeys) {
    const Found found = locate(file, key);
    // NOLINTNEXTLINE(*-const-cast): a part of `file`, which is ours to change
    if (found.rest.empty()) const_cast<Node*>(found.node)->merges = true;
  }
}

std::map<std::string, Node> parse_shipped() {
  std::map<std::string, Node> files;
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.path.starts_with(kShipped)) continue;
    const std::string path(file.path);
    Problems problems;
    // "built-in" tells the shipped file from a file of the same path in the user's directory.
    const Origin origin{.file = "built-in " + path, .is_default = true};
    auto node = parse_yaml(file.text, origin, problems);
    if (!node || !problems.empty()) {
      throw Error(ErrorKind::kBug, "the shipped " + path + " can't be read");
    }
    mark_merging(*node);
    files.emplace(path, std::move(*node));
  }
  return files;
}

const std::map<std::string, Node>& shipped_files() {
  static const std::map<std::string, Node> kFiles = parse_shipped();  // They never change.
  return kFiles;
}

// The shipped file at `path`, or an empty one.
Node shipped(const std::string& path) {
  const auto found = shipped_files().find(kShipped + path);
  return found != shipped_files().end() ? found->second
                                        : Node{.kind = Node::Kind::kMapping, .merges = true};
}

// The text of a file, or without a value and a problem.
std::optional<std::string> read_text(const fs::path& path, Problems& problems) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    problems.add({path.string()}, "the configuration file is missing",
                 "write it; an empty file takes every default");
    return std::nullopt;
  }
  std::ifstream stream;
  if (!fs::is_directory(path, error)) stream.open(path, std::ios::binary);
  if (!stream.is_open()) {
    problems.add({path.string()}, "the configuration file can't be read");
    return std::nullopt;
  }
  // A little more than allowed is enough for parse_yaml() to refuse: a device has no end.
  std::string text;
  std::array<char, 4096> piece{};
  do {
    stream.read(piece.data(), piece.size());
    text.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
  } while (stream && text.size() <= kMaxYamlBytes);
  return text;
}

class TreeReader {
 public:
  TreeReader(fs::path dir, Problems& problems) : dir_(std::move(dir)), problems_(problems) {
    tree_.root.kind = Node::Kind::kMapping;
  }

  Tree read() {
    add(tree_.root, "feed", "catalog/feed.yaml");
    read_pool();
    read_views();
    add(tree_.root, "aggregations", "training/aggregations.yaml");
    add(tree_.root, "runtime", "training/runtime.yaml");
    return std::move(tree_);
  }

 private:
  // Hangs the file at `path` over its defaults into `parent`, as `name`.
  void add(Node& parent, const std::string& name, const std::string& path) {
    const std::string file = (dir_ / path).string();
    Node node = shipped(path);
    const std::optional<std::string> text = read_text(file, problems_);
    std::optional<Node> own;
    if (text) own = parse_yaml(*text, {.file = file}, problems_);
    if (!own) {
      tree_.complete = false;
    } else if (own->is_mapping()) {
      overlay(node, std::move(*own));
      mark_merging(node);
    } else if (!own->is_null()) {
      problems_.add(own->where, "expected a mapping of keys to values, found " + describe(*own));
      tree_.complete = false;
    }
    node.where = {file, 1};
    node.is_default = false;
    parent.add({name, node.where, std::move(node)});
  }

  void read_pool() {
    std::error_code error;
    if (fs::exists(dir_ / kPool, error)) {
      add(tree_.root, "embedding_pool", kPool);
    } else {
      tree_.missing_pool = dir_ / kPool;
    }
  }

  void read_views() {
    const fs::path dir = dir_ / "catalog/views";
    Node& views = tree_.root.add({"views", {dir.string()}, {.kind = Node::Kind::kMapping}});
    views.where = {dir.string()};
    std::error_code error;
    if (!fs::exists(fs::symlink_status(dir, error))) return;  // A catalog without views.
    std::vector<std::string> names;
    // The range-for would advance without `error`, and throw.
    for (fs::directory_iterator entry(dir, error), end; !error && entry != end;
         entry.increment(error)) {
      const fs::path path = entry->path();
      if (path.extension() == ".yml") {
        problems_.add({path.string()}, "a view's file ends in .yaml", "rename it");
      }
      const bool hidden = path.filename().string().starts_with(".");
      if (path.extension() == ".yaml" && !hidden) names.push_back(path.stem().string());
    }
    if (error) {
      problems_.add({dir.string()}, "the directory of the views can't be read: " + error.message());
      tree_.complete = false;
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      add(views, name, "catalog/views/" + name + ".yaml");
    }
  }

  fs::path dir_;
  Problems& problems_;
  Tree tree_;
};

}  // namespace

void overlay(Node& base, Node over) {
  for (Entry& entry : over.entries) {
    Node* old = base.find(entry.key);
    if (old == nullptr) {
      base.add(std::move(entry));
    } else if (old->merges && old->is_mapping() && entry.value.is_mapping()) {
      overlay(*old, std::move(entry.value));
    } else {
      *old = std::move(entry.value);
    }
  }
  base.where = over.where;
  base.is_default = over.is_default;
}

Node shipped_pool() { return shipped(kPool); }

Node shipped_root() {
  Node root{.kind = Node::Kind::kMapping};
  Node views{.kind = Node::Kind::kMapping};
  for (const auto& [path, node] : shipped_files()) {
    const fs::path file(path);
    Node& parent = file.parent_path().filename() == "views" ? views : root;
    parent.add({file.stem().string(), node.where, node});
  }
  root.add({"views", {}, std::move(views)});
  return root;
}

Tree read_tree(const std::filesystem::path& dir, Problems& problems) {
  return TreeReader(dir, problems).read();
}

}  // namespace daedalus::config
