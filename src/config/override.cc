// What is laid over the files: --set and the environment.
#include <cctype>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/secret_name.h"
#include "config/tree.h"
#include "config/yaml.h"

namespace daedalus::config {
namespace {

const SourceLocation kSet{.file = "--set"};

std::vector<std::string> keys_of(const Node& node) {
  std::vector<std::string> keys;
  keys.reserve(node.entries.size());
  for (const Entry& entry : node.entries) keys.push_back(entry.key);
  return keys;
}

// `key` from the root on: the keys of runtime.yaml and aggregations.yaml may stand without a
// prefix.
std::optional<std::string> full_key(const Node& root, const std::string& key, Problems& problems) {
  const std::string first = key.substr(0, key.find_first_of(".["));
  if (root.find(first) != nullptr) return key;
  std::vector<std::string> candidates = keys_of(root);
  for (const std::string file : {"runtime", "aggregations"}) {
    const Node& node = *root.find(file);
    if (node.find(first) != nullptr) return std::string(file).append(".").append(key);
    for (const std::string& name : keys_of(node)) candidates.push_back(name);
  }
  problems.add(kSet, "unknown key '" + first + "' in '" + key + "'",
               did_you_mean(first, candidates));
  return std::nullopt;
}

// Puts `value` under the names of `rest` (".a.b"), which `parent` has not.
void insert(Node& parent, std::string_view rest, Node value) {
  const std::string_view path = rest.starts_with('.') ? rest.substr(1) : rest;
  const std::size_t dot = path.find('.');
  const std::string name(path.substr(0, dot));
  if (dot != std::string_view::npos) {
    Node child{.kind = Node::Kind::kMapping, .where = kSet};
    insert(child, path.substr(dot), std::move(value));
    value = std::move(child);
  }
  parent.add({name, kSet, std::move(value)});
}

// Why nothing can be put at `rest` of `node`; empty when it can.
std::string obstacle(const Node& root, const Node& node, std::string_view rest) {
  if (node.is_sequence()) {
    return "the list has " + std::to_string(node.items.size()) +
           " items; write [i] behind its name, i from 0";
  }
  if (!node.is_mapping()) return describe(node) + " stands there, which has no keys";
  if (rest.find('[') != std::string_view::npos) return "there is no such list";
  // With a dot around, every empty name is two dots.
  const std::string dotted = (rest.starts_with('.') ? "" : ".") + std::string(rest) + ".";
  if (dotted.find("..") != std::string::npos) return "a name is empty";
  if (&node == root.find("views")) return "no view of the catalog has this name";
  return {};
}

void put(Node& root, const std::string& key, Node value, Problems& problems) {
  const Found found = locate(root, key);
  // NOLINTNEXTLINE(*-const-cast): a part of `root`, which is ours to change
  Node& node = *const_cast<Node*>(found.node);
  if (found.rest.empty()) {
    if (&node == root.find("views")) {
      problems.add(kSet, "'" + key + "' is no single value", "name a key of one view");
    } else if (node.merges && value.is_mapping()) {
      overlay(node, std::move(value));
    } else {
      const bool merges = node.merges && value.is_mapping();
      node = std::move(value);
      node.merges = merges;
    }
    return;
  }
  if (const std::string why = obstacle(root, node, found.rest); !why.empty()) {
    const std::string_view name = found.rest.substr(found.rest.starts_with('.') ? 1 : 0);
    problems.add(kSet, "'" + key + "' can't be set: " + why,
                 did_you_mean(name.substr(0, name.find_first_of(".[")), keys_of(node)));
    return;
  }
  insert(node, found.rest, std::move(value));
}

bool is_name(char c, bool first) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '_' || std::isalpha(byte) != 0 || (!first && std::isdigit(byte) != 0);
}

// The text with every ${NAME} replaced, or left out where `why` tells what is wrong with it.
std::string expanded(std::string_view text, std::string& why) {
  std::string result;
  for (auto start = text.find("${"); start != std::string_view::npos; start = text.find("${")) {
    result += text.substr(0, start);
    text.remove_prefix(start + 2);
    std::size_t end = 0;
    while (end < text.size() && is_name(text[end], end == 0)) ++end;
    if (end == 0 || end == text.size() || text[end] != '}') {
      why = "'${' without a name of a variable and '}'";
      return result;
    }
    const std::string name(text.substr(0, end));
    const char* value = std::getenv(name.c_str());
    if (names_secret(name)) {
      why = "the environment variable " + name + " has the name of a secret, and paths are shown";
    } else if (value == nullptr) {
      why = "the environment variable " + name + " is not set";
    } else {
      result += value;
    }
    text.remove_prefix(end + 1);
  }
  return result.append(text);
}

// `~/…` is in the home directory, as the shell has it.
std::string with_home(std::string_view text, std::string& why) {
  if (text != "~" && !text.starts_with("~/")) return std::string(text);
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') {
    why = "'~' stands for the home directory, and the environment variable HOME is not set";
    return {};
  }
  return std::string(home).append(text.substr(1));
}

void expand(Node& root, const std::string& key, Problems& problems) {
  const Found found = locate(root, key);
  if (!found.rest.empty() || !found.node->is_scalar()) return;
  const std::string& written = found.node->text;
  if (written.find("${") == std::string::npos && !written.starts_with('~')) return;
  // NOLINTNEXTLINE(*-const-cast): a part of `root`, which is ours to change
  Node& node = *const_cast<Node*>(found.node);
  std::string why;
  std::string text = expanded(written, why);
  if (why.empty() && written.starts_with('~')) text = with_home(text, why);
  if (!why.empty()) {
    problems.add(node.where, key + ": " + why, "set it, or write the path out");
    if (text.empty()) text = "unknown";  // One problem of this path is enough.
  }
  node.text = std::move(text);
  node.quoted = true;
}

}  // namespace

void apply_override(Node& root, std::string_view text, Problems& problems) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    problems.add(kSet, "'" + std::string(text) + "' is not key=value",
                 "write for example compute.duckdb_config.threads=4");
    return;
  }
  const std::string written(text.substr(0, equals));
  Problems own;
  auto value = parse_yaml(text.substr(equals + 1), {.file = kSet.file, .has_lines = false}, own);
  for (const Problem& problem : own.sorted()) {
    problems.add(kSet, "the value of '" + written + "': " + problem.what,
                 problem.fix.empty() ? "quote text that YAML reads otherwise" : problem.fix);
  }
  if (!value) return;
  if (written.starts_with("embedding_pool") && root.find("embedding_pool") == nullptr) {
    root.add({"embedding_pool", kSet, shipped_pool()});
  }
  const auto key = full_key(root, written, problems);
  if (key) put(root, *key, std::move(*value), problems);
}

void expand_environment(Node& root, Problems& problems) {
  expand(root, "feed.source.path", problems);
  expand(root, "embedding_pool.source.path", problems);
  for (Entry& view : root.find("views")->entries) expand(view.value, "source.path", problems);
  expand(root, "runtime.output_root", problems);
  expand(root, "runtime.compute.duckdb_config.temp_directory", problems);
}

}  // namespace daedalus::config
