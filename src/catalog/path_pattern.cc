#include "catalog/path_pattern.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace daedalus {
namespace {

struct Field {
  std::string_view name;
  std::size_t digits;
  bool may_be_short;  // one digit will do
};
constexpr std::array<Field, 5> kFields{{{"{YYYYMM}", 6, false},
                                        {"{YYYY}", 4, false},
                                        {"{MM}", 2, true},
                                        {"{DD}", 2, true},
                                        {"{HH}", 2, true}}};

const Field* field_at(std::string_view text) {
  const auto* const found = std::ranges::find_if(
      kFields, [&](const Field& field) { return text.starts_with(field.name); });
  return found == kFields.end() ? nullptr : found;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

// Whether `value` may stand in `field`: nothing or an equal value is there.
bool assign(std::optional<int>& field, int value) {
  if (field && *field != value) return false;
  field = value;
  return true;
}

bool assign(PartitionFields& fields, const Field& field, std::string_view digits) {
  if (field.digits == 6) {
    return assign(fields.year, number(digits.substr(0, 4))) &&
           assign(fields.month, number(digits.substr(4)));
  }
  if (field.digits == 4) return assign(fields.year, number(digits));
  if (field.name == "{MM}") return assign(fields.month, number(digits));
  return assign(field.name == "{DD}" ? fields.day : fields.hour, number(digits));
}

// `set` is what stands between the brackets: letters, and ranges such as a-z; after `!` or `^` all
// others.
bool set_holds(std::string_view set, char c) {
  const bool negated = set.starts_with('!') || set.starts_with('^');
  if (negated) set.remove_prefix(1);
  bool found = false;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (i + 2 < set.size() && set[i + 1] == '-') {
      found = found || (set[i] <= c && c <= set[i + 2]);
      i += 2;
    } else {
      found = found || set[i] == c;
    }
  }
  return found != negated;
}

}  // namespace

// One name that is being matched. Which places of it a token can't match from is remembered, so
// that many stars don't multiply.
struct NamePattern::Attempt {
  std::string_view name;
  std::vector<bool> hopeless;
  std::vector<std::pair<std::size_t, std::string_view>>
      fields;  // token and digits, once it matches
};

NamePattern::NamePattern(std::string_view text) : text_(text) {
  using Kind = Token::Kind;
  while (!text.empty()) {
    std::size_t used = 1;
    if (const Field* field = field_at(text)) {
      tokens_.push_back({Kind::kField, std::string(field->name)});
      used = field->name.size();
    } else if (text.front() == '*') {
      if (tokens_.empty() || tokens_.back().kind != Kind::kAnyText)
        tokens_.push_back({Kind::kAnyText, {}});
    } else if (text.front() == '?') {
      tokens_.push_back({Kind::kAnyChar, {}});
    } else if (text.front() == '[' && text.find(']') != std::string_view::npos) {
      used = text.find(']') + 1;
      tokens_.push_back({Kind::kSet, std::string(text.substr(1, used - 2))});
    } else {
      tokens_.push_back({Kind::kChar, {}, text.front()});
    }
    text.remove_prefix(used);
  }
  spelled_out_ = std::ranges::all_of(
      tokens_, [](const Token& token) { return token.kind == Token::Kind::kChar; });
}

bool NamePattern::has_field() const {
  return std::ranges::any_of(tokens_,
                             [](const Token& token) { return token.kind == Token::Kind::kField; });
}

bool NamePattern::match(std::string_view name, PartitionFields& fields) const {
  const bool spells_beginning = !tokens_.empty() && tokens_.front().kind == Token::Kind::kChar;
  if (is_hidden(name) && !spells_beginning) return false;
  Attempt attempt{name, std::vector<bool>(tokens_.size() * (name.size() + 1)), {}};
  return match_from(attempt, 0, 0) && std::ranges::all_of(attempt.fields, [&](const auto& found) {
           return assign(fields, *field_at(tokens_[found.first].text), found.second);
         });
}

bool NamePattern::match_from(Attempt& attempt, std::size_t token, std::size_t at) const {
  const std::string_view name = attempt.name;
  if (token == tokens_.size()) return at == name.size();
  const std::size_t state = token * (name.size() + 1) + at;
  if (attempt.hopeless[state]) return false;
  const Token& wanted = tokens_[token];
  bool matched = false;
  switch (wanted.kind) {
    case Token::Kind::kAnyText:  // as much as possible
      for (std::size_t end = name.size() + 1; !matched && end-- > at;)
        matched = match_from(attempt, token + 1, end);
      break;
    case Token::Kind::kField:
      matched = match_field(attempt, token, at);
      break;
    default: {
      const bool fits = at < name.size() &&
                        (wanted.kind == Token::Kind::kAnyChar ||
                         (wanted.kind == Token::Kind::kChar && wanted.letter == name[at]) ||
                         (wanted.kind == Token::Kind::kSet && set_holds(wanted.text, name[at])));
      matched = fits && match_from(attempt, token + 1, at + 1);
    }
  }
  attempt.hopeless[state] = !matched;
  return matched;
}

bool NamePattern::match_field(Attempt& attempt, std::size_t token, std::size_t at) const {
  const Field& field = *field_at(tokens_[token].text);
  const std::string_view rest = attempt.name.substr(at);
  const auto digits =
      static_cast<std::size_t>(std::ranges::find_if_not(rest, is_digit) - rest.begin());
  const auto try_length = [&](std::size_t length) {
    if (!match_from(attempt, token + 1, at + length)) return false;
    attempt.fields.emplace_back(token, rest.substr(0, length));
    return true;
  };
  const bool alone = digits == 1 && (at == 0 || !is_digit(attempt.name[at - 1]));
  return (digits >= field.digits && try_length(field.digits)) ||
         (field.may_be_short && alone && try_length(1));
}

}  // namespace daedalus
