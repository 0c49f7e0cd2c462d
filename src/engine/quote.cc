#include "engine/quote.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

namespace daedalus {
namespace {

std::string doubled(std::string_view text, char quote) {
  if (text.find('\0') != std::string_view::npos) {
    throw Error(ErrorKind::kConfig, "a name or value holds a NUL byte, which SQL can't carry",
                "remove the NUL byte");
  }
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

std::string quote_double(double value) {
  if (std::isnan(value)) return "'nan'::DOUBLE";
  if (std::isinf(value)) return value > 0 ? "'inf'::DOUBLE" : "'-inf'::DOUBLE";
  return fmt::format("'{:.17g}'::DOUBLE", value);  // a bare number would be a DECIMAL first
}

// A NULL beside values takes their type; only a list without any value needs one.
bool has_value(const Literal::List& list) {
  for (const Literal& item : list) {
    if (!item.is_null()) return true;
  }
  return false;
}

struct Quoter {
  std::string operator()(std::monostate) const { return "NULL::VARCHAR"; }
  std::string operator()(bool value) const { return value ? "TRUE" : "FALSE"; }
  std::string operator()(std::int64_t value) const { return fmt::format("'{}'::BIGINT", value); }
  std::string operator()(double value) const { return quote_double(value); }
  std::string operator()(const std::string& value) const { return quote_text(value) + "::VARCHAR"; }
  std::string operator()(const Literal::List& list) const {
    std::vector<std::string> items;
    items.reserve(list.size());
    for (const Literal& item : list) items.push_back(item.is_null() ? "NULL" : quote_literal(item));
    return fmt::format("[{}]{}", fmt::join(items, ", "), has_value(list) ? "" : "::VARCHAR[]");
  }
};

}  // namespace

std::string quote_identifier(std::string_view text) {
  if (text.empty()) throw Error(ErrorKind::kConfig, "a name is empty", "give it a name");
  return doubled(text, '"');
}

std::string quote_text(std::string_view text) { return doubled(text, '\''); }

std::string quote_text_list(const std::vector<std::string>& texts) {
  std::vector<std::string> quoted;
  quoted.reserve(texts.size());
  for (const std::string& text : texts) quoted.push_back(quote_text(text));
  return fmt::format("[{}]::VARCHAR[]", fmt::join(quoted, ", "));
}

std::string exclude_columns(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + quote_identifier(name);
  return list.empty() ? "" : "EXCLUDE (" + list + ")";
}

std::string quote_literal(const Literal& literal) { return std::visit(Quoter{}, literal.value); }

}  // namespace daedalus
