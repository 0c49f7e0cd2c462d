// Which names a piece of a source's path matches: wildcards and partition fields.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daedalus {

/// The calendar fields of a partition as a path gives them.
struct PartitionFields {
  std::optional<int> year;
  std::optional<int> month;
  std::optional<int> day;
  std::optional<int> hour;
  auto operator<=>(const PartitionFields&) const = default;
};

/// One piece of a path between slashes. `*`, `?` and `[…]` match as in a shell, and partition
/// fields match digits: {MM}, {DD} and {HH} one digit too, where no digit stands beside it. Neither
/// matches at the beginning of a name that begins with `_` or `.`: other writers stage there. What
/// a piece spells out matches itself.
class NamePattern {
 public:
  explicit NamePattern(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  /// Whether it matches its own text alone.
  [[nodiscard]] bool is_spelled_out() const { return spelled_out_; }
  /// Whether it is `**`: any number of directories, also none.
  [[nodiscard]] bool is_any_depth() const { return text_ == "**"; }
  [[nodiscard]] bool has_field() const;

  /// Whether `name` matches. Its fields are put into `fields`, and must equal what stands there:
  /// month=5 doesn't match below 202604.
  bool match(std::string_view name, PartitionFields& fields) const;

 private:
  struct Token {
    enum class Kind { kChar, kAnyChar, kAnyText, kSet, kField } kind;
    std::string text;  // kSet: between the brackets. kField: with its braces.
    char letter = 0;   // kChar
  };
  struct Attempt;
  bool match_from(Attempt& attempt, std::size_t token, std::size_t at) const;
  bool match_field(Attempt& attempt, std::size_t token, std::size_t at) const;

  std::string text_;
  std::vector<Token> tokens_;
  bool spelled_out_ = true;
};

/// Whether wildcards leave out the name: other writers stage below such.
inline bool is_hidden(std::string_view name) {
  return name.starts_with('_') || name.starts_with('.');
}

}  // namespace daedalus
