// The tree that a configuration is until it is read into structs: YAML's values with the places
// where they were written. All files hang below one root, under the names that `config show` uses.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daedalus/error.h"

namespace daedalus::config {

struct Entry;

struct Node {
  enum class Kind { kNull, kScalar, kSequence, kMapping };

  Kind kind = Kind::kNull;
  bool quoted = false;         ///< A scalar that is text whatever it looks like.
  std::string text;            ///< A scalar's.
  std::vector<Node> items;     ///< A sequence's.
  std::vector<Entry> entries;  ///< A mapping's, in order; see add().
  std::map<std::string, std::size_t, std::less<>> places;  ///< Of the entries, by key.
  SourceLocation where;
  bool is_default = false;  ///< From the shipped configuration.
  bool merges = false;      ///< A mapping of fixed keys: one laid over it leaves the others.

  [[nodiscard]] bool is_null() const { return kind == Kind::kNull; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::kScalar; }
  [[nodiscard]] bool is_sequence() const { return kind == Kind::kSequence; }
  [[nodiscard]] bool is_mapping() const { return kind == Kind::kMapping; }

  /// A mapping's entry or value of `key`, or null.
  [[nodiscard]] const Entry* find_entry(std::string_view key) const;
  [[nodiscard]] const Node* find(std::string_view key) const;
  [[nodiscard]] Node* find(std::string_view key);

  /// Adds an entry to a mapping, which has none of its key; the value, until the next is added.
  Node& add(Entry entry);
};

struct Entry {
  std::string key;
  SourceLocation where;
  Node value;
};

/// What a scalar is by YAML 1.2's core schema.
enum class ScalarType { kText, kBoolean, kInteger, kFloat };
ScalarType scalar_type(const Node& scalar);

/// What stands there, for a message: "the text 'x'", "the number 5", "a list", "nothing".
std::string describe(const Node& node);

/// `node` as YAML flow text, on one line.
std::string to_flow(const Node& node);

/// The node that `key` names ("runtime.output_columns[3].name"), or the innermost one that
/// encloses it, with the rest of the key that names nothing in it.
struct Found {
  const Node* node;
  std::string_view rest;
};
Found locate(const Node& root, std::string_view key);

/// "list[3] (name)": an item of the list `list` as messages tell it, by its own name where it has
/// one. Keys as `config show` and --set have them hold no names.
std::string tell_item(const std::string& list, std::size_t index, const std::string& name);
/// The same with the name that `item` gives itself: its `name`, or its text in a list of names.
std::string tell_item(const std::string& list, std::size_t index, const Node& item);

/// `key` with the names of the items that it leads through.
std::string tell_key(const Node& root, std::string_view key);

}  // namespace daedalus::config
