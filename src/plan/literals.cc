#include "plan/literals.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "catalog/type_text.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

using nlohmann::json;

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

// Functions that scalar and consistent though they are read something outside of the expression.
const std::set<std::string>& forbidden_functions() {
  static const std::set<std::string> kNames{"getvariable",
                                            "current_setting",
                                            "getenv",
                                            "nextval",
                                            "currval",
                                            "error",
                                            "txid_current",
                                            "current_database",
                                            "current_schema",
                                            "current_schemas",
                                            "current_catalog",
                                            "current_user",
                                            "session_user",
                                            "current_role",
                                            "user",
                                            "current_query",
                                            "current_connection_id",
                                            "current_query_id",
                                            "current_transaction_id",
                                            "version",
                                            "in_search_path",
                                            "row",
                                            "write_log",
                                            "sleep_ms",
                                            "pg_typeof",
                                            "alias",
                                            "read_text",
                                            "stats"};
  return kNames;
}

// Built-in scalar functions that DuckDB keeps as macros over pure functions.
const std::set<std::string>& pure_macros() {
  static const std::set<std::string> kNames{"nullif",       "list_append",   "list_prepend",
                                            "array_append", "array_prepend", "split_part"};
  return kNames;
}

bool is_pure_function(Engine& engine, const std::string& name) {
  if (pure_macros().contains(name)) return true;
  if (forbidden_functions().contains(name)) return false;
  return engine.query_count(
             fmt::format("SELECT count(*) FROM duckdb_functions() WHERE function_name = {0} AND "
                         "function_type = 'scalar' AND NOT EXISTS "
                         "(FROM duckdb_functions() WHERE function_name = {0} AND (function_type <> "
                         "'scalar' OR stability <> "
                         "'CONSISTENT'))",
                         quote_text(name))) > 0;
}

// Walks the parsed expression: what is not known to be harmless is refused.
void check_node(Engine& engine, const json& node, const std::string& text) {
  static const std::set<std::string> kHarmless{"CONSTANT",    "CAST",     "FUNCTION", "COMPARISON",
                                               "CONJUNCTION", "OPERATOR", "CASE",     "BETWEEN"};
  const auto refuse_part = [&](const std::string& what) {
    throw Error(ErrorKind::kConfig, fmt::format("default_sql '{}' {}", text, what),
                "write one expression of constants and scalar functions");
  };
  if (node.is_object() && node.contains("class") && node.contains("type")) {
    const auto kind = node.at("class").get<std::string>();
    if (!kHarmless.contains(kind)) refuse_part("holds a " + kind);
    if (kind == "FUNCTION" &&
        !is_pure_function(engine, node.at("function_name").get<std::string>())) {
      refuse_part("calls " + node.at("function_name").get<std::string>() +
                  "(), which is no pure scalar function");
    }
  }
  if (!node.is_structured()) return;
  for (const auto& child : node) check_node(engine, child, text);
}

bool is_one_expression(const json& node) {
  return node.at("type") == "SELECT_NODE" && node.at("select_list").size() == 1 &&
         node.at("select_list").at(0).value("alias", "").empty() &&
         node.at("from_table").at("type") == "EMPTY" && node.at("where_clause").is_null() &&
         node.at("having").is_null() && node.at("qualify").is_null() &&
         node.at("sample").is_null() && node.at("group_expressions").empty() &&
         node.at("cte_map").at("map").empty() && node.at("modifiers").empty();
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
  bool closed_early = false;
  for (const char c : text) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    closed_early = closed_early || depth < 0;
  }
  static const std::regex kShape(R"([A-Za-z_][A-Za-z0-9_ ,()\[\]"]*)");
  const bool harmless = depth == 0 && !closed_early && std::regex_match(text, kShape);
  try {
    if (harmless)
      return engine.describe(fmt::format("SELECT CAST(NULL AS {}) AS x", text)).at(0).type;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted) throw;
  }
  throw Error(ErrorKind::kConfig, fmt::format("'{}' is no type of DuckDB", text),
              "e.g. BIGINT, DOUBLE, VARCHAR, FLOAT[]");
}

std::string constant_expression(Engine& engine, const std::string& expression) {
  const auto refuse_text = [&](const std::string& why) {
    throw Error(ErrorKind::kConfig, fmt::format("default_sql '{}' {}", expression, why),
                "write one expression of constants and scalar functions");
  };
  // Parsed bare, as a whole SELECT: what is more than one expression shows in its other clauses.
  const std::string bare = fmt::format("SELECT json_serialize_sql({}, skip_null := false)",
                                       quote_text("SELECT\n" + expression + "\n"));
  const json parsed = json::parse(engine.query(bare).at(0).at(0).value());
  if (parsed.at("error").get<bool>())
    refuse_text("does not parse: " + parsed.value("error_message", ""));
  const json& statements = parsed.at("statements");
  if (statements.size() != 1 || !is_one_expression(statements.at(0).at("node"))) {
    refuse_text("is more than one expression");
  }
  check_node(engine, statements.at(0).at("node").at("select_list"), expression);
  // The line breaks end a comment in the text.
  std::string enclosed = "(\n" + expression + "\n)";
  try {
    engine.query("SELECT " + enclosed);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted) throw;
    refuse_text(std::string("fails: ") + error.what());
  }
  return enclosed;
}

}  // namespace daedalus
