// Typed reading of the tree. What can't be read becomes a problem, and reading goes on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/node.h"
#include "config/problems.h"
#include "daedalus/config.h"

namespace daedalus::config {

/// A node with its key as tell_key() tells it. Each reading yields the value, or nothing and a
/// problem.
class Value {
 public:
  Value(const Node& node, std::string key, Problems& problems)
      : node_(&node), key_(std::move(key)), problems_(&problems) {}

  [[nodiscard]] const Node& node() const { return *node_; }
  [[nodiscard]] bool is_null() const { return node_->is_null(); }

  /// Text that is not empty. Numbers and true or false are no text unless quoted.
  [[nodiscard]] std::optional<std::string> text() const;
  /// Text that names files of this machine. One that doesn't may hold a password: it isn't shown.
  [[nodiscard]] std::optional<std::string> path() const;
  [[nodiscard]] std::optional<bool> boolean() const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::int64_t least, std::int64_t most) const;
  [[nodiscard]] std::optional<double> fraction() const;  ///< In [0, 1].
  /// The index of the text in `choices`.
  [[nodiscard]] std::optional<std::size_t> choice(const std::vector<std::string>& choices) const;
  [[nodiscard]] std::optional<Duration> duration() const;
  [[nodiscard]] std::optional<YearMonth> year_month() const;
  [[nodiscard]] std::optional<Literal> literal() const;

  /// The items of a list; none and a problem when it is none.
  [[nodiscard]] std::vector<Value> items() const;
  /// A list of texts. One that can't be read stands as an empty text, so that indices hold.
  [[nodiscard]] std::vector<std::string> texts() const;
  /// The keys and values of a mapping whose keys are the user's own.
  [[nodiscard]] std::vector<std::pair<std::string, Value>> fields() const;
  /// The value of `name`, which is there.
  [[nodiscard]] Value child(const std::string& name) const;

  /// Says that `expected` should stand here instead of what does.
  void expected(const std::string& expected, std::string fix = {}) const;
  /// Says "key: what" of this place.
  void complain(const std::string& what, std::string fix = {}) const;
  void complain_at(SourceLocation where, const std::string& what, std::string fix) const;

 private:
  [[nodiscard]] std::optional<Literal> number_literal() const;

  const Node* node_;
  std::string key_;
  Problems* problems_;
};

/// A mapping of fixed keys. The keys asked for are the known ones; finish() reports the others.
class Fields {
 public:
  /// Reports a `value` that is no mapping, and then is empty without further complaints.
  explicit Fields(Value value);

  /// The value of `key`, if it is there.
  std::optional<Value> find(const std::string& key);
  /// The same, but its absence is a problem.
  std::optional<Value> need(const std::string& key);
  /// Reports the keys that were never asked for.
  void finish() const;

  [[nodiscard]] const Value& value() const { return value_; }

 private:
  Value value_;
  std::vector<std::string> known_;
};

/// Stores what was read, if anything was.
template <typename Out, typename In>
void assign(Out& out, std::optional<In> in) {
  if (in) out = static_cast<Out>(std::move(*in));
}

}  // namespace daedalus::config
