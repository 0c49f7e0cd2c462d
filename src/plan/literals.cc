#include "plan/literals.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <regex>

#include "catalog/type_text.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

bool is_number(const Literal& literal) {
  return std::holds_alternative<std::int64_t>(literal.value) ||
         std::holds_alternative<double>(literal.value);
}

bool is_exact_number_type(const std::string& type) {
  static const std::regex kNumbers("U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|DECIMAL\\(.*\\)");
  return std::regex_match(type, kNumbers);
}

// A scalar as the text that DuckDB casts to the column's type.
std::string text_of(const Literal& literal) {
  if (const auto* text = std::get_if<std::string>(&literal.value)) return *text;
  if (const auto* flag = std::get_if<bool>(&literal.value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&literal.value))
    return fmt::format("{}", *whole);
  return fmt::format("{}", std::get<double>(literal.value));
}

[[noreturn]] void refuse(const ColumnLiteral& item, const std::string& type) {
  throw Error(ErrorKind::kConfig,
              fmt::format("{} is {}, and {} can't be a value of it", item.column, type,
                          quote_literal(item.literal)),
              "write a value of the column's type");
}

// A text as a value of `type`. Only by way of TIMESTAMPTZ is the zone of a time heeded.
std::string cast_text(const std::string& quoted, const std::string& type) {
  if (type == "TIMESTAMP") return fmt::format("CAST(CAST({} AS TIMESTAMPTZ) AS TIMESTAMP)", quoted);
  return fmt::format("CAST({} AS {})", quoted, type);
}

bool evaluates(Engine& engine, const std::string& expression) {
  try {
    return engine.query_count(
               fmt::format("SELECT CAST(({}) IS NOT NULL AS INTEGER)", expression)) == 1;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted || error.kind() == ErrorKind::kEnvironment) throw;
    return false;
  }
}

// A number is compared as it is: rounding 0.5 to an integer column's type would find rows that
// have 1.
std::string comparable(Engine& engine, const ColumnLiteral& item, const Literal& scalar,
                       const std::string& type) {
  if (is_number(scalar) && is_exact_number_type(type)) return quote_literal(scalar);
  std::string cast = cast_text(quote_text(text_of(scalar)), type);
  if (!evaluates(engine, cast)) refuse(item, type);
  return cast;
}

std::string matches(Engine& engine, const ColumnLiteral& item, const Literal& literal,
                    const std::string& type) {
  const std::string column = quote_identifier(item.column);
  if (literal.is_null()) return fmt::format("{} IS NULL", column);
  if (const auto* list = std::get_if<Literal::List>(&literal.value)) {
    std::vector<std::string> any;
    for (const Literal& value : *list) any.push_back(matches(engine, item, value, type));
    return any.empty() ? "FALSE" : fmt::format("({})", fmt::join(any, " OR "));
  }
  return fmt::format("coalesce({} = {}, FALSE)", column, comparable(engine, item, literal, type));
}

}  // namespace

std::string condition(Engine& engine, const ColumnLiteral& item, const std::string& type) {
  return matches(engine, item, item.literal, type);
}

std::string value_of_type(Engine& engine, const ColumnLiteral& item, const std::string& type) {
  if (item.literal.is_null()) return fmt::format("CAST(NULL AS {})", type);
  const std::string literal = quote_literal(item.literal);
  const bool is_text = std::holds_alternative<std::string>(item.literal.value);
  std::string value =
      is_text ? cast_text(literal, type) : fmt::format("CAST({} AS {})", literal, type);
  if (!evaluates(engine, value)) refuse(item, type);
  // A cast to a number rounds: what would change is refused.
  const std::string number = is_list_type(type) ? "DOUBLE[]" : "DOUBLE";
  const bool rounds =
      is_exact_number_type(element_type(type)) &&
      !evaluates(engine, fmt::format("CASE WHEN CAST({} AS {}) = CAST({} AS {}) THEN 1 END", value,
                                     number, literal, number));
  if (rounds) refuse(item, type);
  return value;
}

std::string quote_type(Engine& engine, const std::string& text) {
  int depth = 0;
  bool in_quotes = false;
  bool closed_early = false;
  for (const char c : text) {
    if (c == '"') in_quotes = !in_quotes;
    if (!in_quotes) depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    closed_early = closed_early || depth < 0;
  }
  static const std::regex kShape(R"([A-Za-z_][A-Za-z0-9_ ,()\[\]"]*)");
  const bool harmless = depth == 0 && !in_quotes && !closed_early && std::regex_match(text, kShape);
  try {
    if (harmless)
      return engine.describe(fmt::format("SELECT CAST(NULL AS {}) AS x", text)).at(0).type;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted) throw;
  }
  throw Error(ErrorKind::kConfig, fmt::format("'{}' is no type of DuckDB", text),
              "e.g. BIGINT, DOUBLE, VARCHAR, FLOAT[]");
}

}  // namespace daedalus
