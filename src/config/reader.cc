// Typed reading of the tree.
#include "config/reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace daedalus::config {
namespace {

// Windows beyond this reach before every feed, and their sums could overflow a timestamp.
constexpr std::int64_t kMostDays = 365'000;

bool is_text(const Node& node) {
  return node.is_scalar() && scalar_type(node) == ScalarType::kText;
}

// An integer of YAML's core schema; nothing when it is outside int64.
std::optional<std::int64_t> to_integer(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0o")) {
    base = text[1] == 'x' ? 16 : 8;
    text.remove_prefix(2);
  } else if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A float of YAML's core schema; nothing when it is too large for a double.
std::optional<double> to_double(const std::string& text) {
  const bool negative = text.starts_with('-');
  const std::string special = lower(text);
  if (special == ".nan") return std::numeric_limits<double>::quiet_NaN();
  if (special.ends_with(".inf")) {
    const double infinity = std::numeric_limits<double>::infinity();
    return negative ? -infinity : infinity;
  }
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range &&
      std::fabs(std::strtod(text.c_str(), nullptr)) < 1) {
    return 0.0;  // Too small, which rounds to zero.
  }
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::int64_t unit_micros(char unit) {
  constexpr std::int64_t kSecond = 1'000'000;
  switch (unit) {
    case 's':
      return kSecond;
    case 'm':
      return 60 * kSecond;
    case 'h':
      return 3600 * kSecond;
    case 'd':
      return 86400 * kSecond;
    default:
      return 0;
  }
}

std::string one_of(const std::vector<std::string>& choices) {
  return choices.size() == 1 ? choices[0] : "one of " + join(choices);
}

}  // namespace

void Value::complain(const std::string& what, std::string fix) const {
  complain_at(node_->where, what, std::move(fix));
}

void Value::complain_at(SourceLocation where, const std::string& what, std::string fix) const {
  problems_->add(std::move(where), key_ + ": " + what, std::move(fix));
}

void Value::expected(const std::string& expected, std::string fix) const {
  complain("expected " + expected + ", found " + describe(*node_), std::move(fix));
}

std::optional<std::string> Value::text() const {
  if (!is_text(*node_)) {
    expected("text", node_->is_scalar() ? "quote it if text is meant" : "");
    return std::nullopt;
  }
  if (node_->text.empty()) {
    expected("text that is not empty");
    return std::nullopt;
  }
  return node_->text;
}

std::optional<std::string> Value::path() const {
  std::optional<std::string> path = text();
  if (path && path->find("://") != std::string::npos) {
    complain("remote paths are not supported", "write a path of this machine");
    return std::nullopt;
  }
  return path;
}

std::optional<bool> Value::boolean() const {
  if (node_->is_scalar() && scalar_type(*node_) == ScalarType::kBoolean) {
    return node_->text[0] == 't' || node_->text[0] == 'T';
  }
  expected("true or false");
  return std::nullopt;
}

std::optional<std::int64_t> Value::integer(std::int64_t least, std::int64_t most) const {
  std::optional<std::int64_t> value;
  if (node_->is_scalar() && scalar_type(*node_) == ScalarType::kInteger) {
    value = to_integer(node_->text);
  }
  if (value && *value >= least && *value <= most) return value;
  std::string range = "a whole number from " + std::to_string(least);
  range += most == std::numeric_limits<std::int64_t>::max() ? " on" : " to " + std::to_string(most);
  expected(range);
  return std::nullopt;
}

std::optional<double> Value::fraction() const {
  if (node_->is_scalar() && scalar_type(*node_) != ScalarType::kText) {
    const auto value = to_double(node_->text);
    if (value && *value >= 0 && *value <= 1) return value;
  }
  expected("a number from 0 to 1");
  return std::nullopt;
}

std::optional<std::size_t> Value::choice(const std::vector<std::string>& choices) const {
  if (is_text(*node_)) {
    const auto found = std::find(choices.begin(), choices.end(), node_->text);
    if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  }
  expected(one_of(choices), node_->is_scalar() ? did_you_mean(node_->text, choices) : "");
  return std::nullopt;
}

std::optional<Duration> Value::duration() const {
  const std::string& text = node_->text;
  const std::int64_t unit = text.size() > 1 ? unit_micros(text.back()) : 0;
  std::string_view digits = text;
  if (unit > 0) digits.remove_suffix(1);
  const bool is_count =
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_text(*node_) || unit == 0 || !is_count || digits[0] == '0') {
    expected("a duration, a positive whole number and one of s, m, h, d such as 7d");
    return std::nullopt;
  }
  const auto count = to_integer(digits);
  if (!count || *count > kMostDays * (unit_micros('d') / unit)) {
    complain("the duration " + text + " is too long",
             "the longest is " + std::to_string(kMostDays) + "d");
    return std::nullopt;
  }
  return Duration{*count * unit, text};
}

std::optional<YearMonth> Value::year_month() const {
  const std::string& text = node_->text;
  const bool is_number =
      node_->is_scalar() && text.size() == 6 &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const auto value = is_number ? to_integer(text).value_or(0) : 0;
  const auto month = value % 100;
  if (value / 100 < 1 || month < 1 || month > 12) {
    expected("a month as YYYYMM such as 202605");
    return std::nullopt;
  }
  return static_cast<YearMonth>(value);
}

std::optional<Literal> Value::number_literal() const {
  if (scalar_type(*node_) == ScalarType::kInteger) {
    if (const auto value = to_integer(node_->text)) return Literal{*value};
    complain("the number " + node_->text + " is outside the range of BIGINT",
             "quote it if text is meant");
    return std::nullopt;
  }
  if (const auto value = to_double(node_->text)) return Literal{*value};
  complain("the number " + node_->text + " is outside the range of DOUBLE",
           "quote it if text is meant");
  return std::nullopt;
}

std::optional<Literal> Value::literal() const {
  switch (node_->kind) {
    case Node::Kind::kNull:
      return Literal{};
    case Node::Kind::kMapping:
      expected("a value or a list of values");
      return std::nullopt;
    case Node::Kind::kSequence: {
      Literal::List list;
      bool complete = true;
      for (const Value& item : items()) {
        auto literal = item.literal();
        complete = complete && literal;
        if (literal) list.push_back(std::move(*literal));
      }
      return complete ? std::optional<Literal>(Literal{std::move(list)}) : std::nullopt;
    }
    case Node::Kind::kScalar:
      break;
  }
  switch (scalar_type(*node_)) {
    case ScalarType::kText:
      return Literal{node_->text};
    case ScalarType::kBoolean:
      return Literal{*boolean()};
    default:
      return number_literal();
  }
}

std::vector<Value> Value::items() const {
  std::vector<Value> items;
  if (!node_->is_sequence()) {
    expected("a list", node_->is_null() ? "write [] for an empty one" : "");
  }
  items.reserve(node_->items.size());
  for (const Node& item : node_->items) {
    items.emplace_back(item, tell_item(key_, items.size(), item), *problems_);
  }
  return items;
}

std::vector<std::string> Value::texts() const {
  std::vector<std::string> texts;
  for (const Value& item : items()) texts.push_back(item.text().value_or(""));
  return texts;
}

Value Value::child(const std::string& name) const {
  return {*node_->find(name), key_ + "." + name, *problems_};
}

std::vector<std::pair<std::string, Value>> Value::fields() const {
  std::vector<std::pair<std::string, Value>> fields;
  if (!node_->is_mapping()) {
    expected("a mapping of keys to values", node_->is_null() ? "write {} for an empty one" : "");
  }
  for (const Entry& entry : node_->entries) {
    if (entry.key.empty()) complain("a key is empty");
    fields.emplace_back(entry.key, child(entry.key));
  }
  return fields;
}

Fields::Fields(Value value) : value_(std::move(value)) {
  if (!value_.node().is_mapping()) {
    value_.expected("a mapping of keys to values",
                    value_.is_null() ? "leave the key out to take its defaults" : "");
  }
}

std::optional<Value> Fields::find(const std::string& key) {
  known_.push_back(key);
  if (value_.node().find(key) == nullptr) return std::nullopt;
  return value_.child(key);
}

std::optional<Value> Fields::need(const std::string& key) {
  auto found = find(key);
  if (!found && value_.node().is_mapping()) {
    value_.complain("the key '" + key + "' is missing");
  }
  return found;
}

void Fields::finish() const {
  for (const Entry& entry : value_.node().entries) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
    std::string fix = did_you_mean(entry.key, known_);
    if (fix.empty()) fix = "the keys here are " + join(known_);
    value_.complain_at(entry.where, "unknown key '" + entry.key + "'", std::move(fix));
  }
}

}  // namespace daedalus::config
