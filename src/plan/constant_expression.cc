#include "plan/constant_expression.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "engine/quote.h"

namespace daedalus {
namespace {

using nlohmann::json;
using Names = std::set<std::string>;

// Why an expression is refused: how the sentence "default_sql 'x' …" goes on.
struct Refusal {
  std::string why;
};

// Functions that DuckDB calls scalar and consistent though they look at something besides their
// arguments, or bind SQL of their own.
bool is_known_as_impure(const std::string& name) {
  static const Names kNames{"alias",
                            "can_cast_implicitly",
                            "current_localtime",
                            "current_setting",
                            "current_localtimestamp",
                            "getenv",
                            "getvariable",
                            "json_serialize_plan",
                            "parse_duckdb_log_message",
                            "read_text",
                            "row",
                            "vector_type"};
  return kNames.contains(name);
}

// Built-in scalar functions that DuckDB keeps as macros over pure functions.
bool is_pure_macro(const std::string& name) {
  static const Names kNames{"nullif",       "list_append",   "list_prepend",
                            "array_append", "array_prepend", "split_part"};
  return kNames.contains(name);
}

// Whether all functions of this name are scalar, and depend on their arguments alone.
bool is_pure_function(Engine& engine, const std::string& name) {
  if (is_known_as_impure(name)) return false;
  const std::string all_pure = "bool_and(function_type = 'scalar' AND stability = 'CONSISTENT')";
  return engine.query_count(
             fmt::format("SELECT CAST(coalesce({}, false) AS INTEGER) FROM duckdb_functions() "
                         "WHERE function_name = {}",
                         all_pure, quote_text(name))) == 1;
}

// The time since an instant, up to the current date.
bool is_age_of_one(const json& function) {
  return function.value("name", "") == "age" && function.at("children").size() < 2;
}

Refusal impure(const std::string& name) {
  return {fmt::format("calls {}(), which is no pure scalar function", name)};
}

// The result of DuckDB's json_serialize_sql() or json_serialize_plan() for `SELECT text`. The line
// breaks end a comment in the text; there is no parenthesis around it that it could close.
json serialized(Engine& engine, const std::string& function, const std::string& text) {
  const std::string select = "SELECT\n" + text + "\n";
  json result = json::parse(
      engine.query(fmt::format("SELECT {}({}, skip_null := false)", function, quote_text(select)))
          .at(0)
          .at(0)
          .value());
  if (result.at("error").get<bool>())
    throw Refusal{"can't be used: " + result.value("error_message", "")};
  return result;
}

// What is more than one expression shows in the other clauses of the SELECT.
bool is_one_expression(const json& node) {
  return node.at("type") == "SELECT_NODE" && node.at("select_list").size() == 1 &&
         node.at("select_list").at(0).value("alias", "").empty() &&
         node.at("from_table").at("type") == "EMPTY" && node.at("where_clause").is_null() &&
         node.at("having").is_null() && node.at("qualify").is_null() &&
         node.at("sample").is_null() && node.at("group_expressions").empty() &&
         node.at("cte_map").at("map").empty() && node.at("modifiers").empty();
}

void check_parsed_node(Engine& engine, const json& node) {
  static const Names kHarmless{"CONSTANT",    "CAST",     "FUNCTION", "COMPARISON",
                               "CONJUNCTION", "OPERATOR", "CASE",     "BETWEEN"};
  if (!node.is_structured()) return;
  if (node.is_object() && node.contains("class") && node.contains("type")) {
    const auto kind = node.at("class").get<std::string>();
    if (!kHarmless.contains(kind)) throw Refusal{"holds a " + kind};
    if (kind == "FUNCTION") {
      const auto name = node.at("function_name").get<std::string>();
      if (!is_pure_macro(name) && !is_pure_function(engine, name)) throw impure(name);
    }
  }
  for (const json& child : node) check_parsed_node(engine, child);
}

void check_parsed(Engine& engine, const std::string& text) {
  const json parsed = serialized(engine, "json_serialize_sql", text);
  const json& statements = parsed.at("statements");
  if (statements.size() != 1 || !is_one_expression(statements.at(0).at("node")))
    throw Refusal{"is more than one expression"};
  check_parsed_node(engine, statements.at(0).at("node").at("select_list"));
}

void check_bound_node(Engine& engine, const json& node) {
  static const Names kHarmless{"BOUND_CONSTANT",    "BOUND_CAST",     "BOUND_FUNCTION",
                               "BOUND_COMPARISON",  "BOUND_OPERATOR", "BOUND_CASE",
                               "BOUND_CONJUNCTION", "BOUND_BETWEEN"};
  if (!node.is_structured()) return;
  if (node.is_object() && node.contains("expression_class")) {
    const auto kind = node.at("expression_class").get<std::string>();
    if (!kHarmless.contains(kind)) throw Refusal{"is bound to a " + kind};
    if (kind == "BOUND_FUNCTION") {
      const auto name = node.at("name").get<std::string>();
      const bool is_built_in = node.value("catalog_name", "") == "system";
      if (!is_built_in || is_age_of_one(node) || !is_pure_function(engine, name))
        throw impure(name);
    }
  }
  for (const json& child : node) check_bound_node(engine, child);
}

void check_bound(Engine& engine, const std::string& text) {
  const json bound = serialized(engine, "json_serialize_plan", text);
  const json& plans = bound.at("plans");
  const bool is_row_of_one = plans.size() == 1 && plans.at(0).at("type") == "LOGICAL_PROJECTION" &&
                             plans.at(0).at("children").size() == 1 &&
                             plans.at(0).at("children").at(0).at("type") == "LOGICAL_DUMMY_SCAN" &&
                             plans.at(0).at("expressions").size() == 1;
  if (!is_row_of_one) throw Refusal{"reads more than its own constants"};
  check_bound_node(engine, plans.at(0));
}

}  // namespace

std::string constant_expression(Engine& engine, const std::string& column,
                                const std::string& text) {
  std::string enclosed = "(\n" + text + "\n)";
  try {
    check_parsed(engine, text);
    check_bound(engine, text);
    engine.query("SELECT " + enclosed);
    return enclosed;
  } catch (const Refusal& refusal) {
    throw Error(ErrorKind::kConfig,
                fmt::format("default_sql '{}' of column '{}' {}", text, column, refusal.why),
                "write one expression of constants and scalar functions");
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted || error.kind() == ErrorKind::kConfig) throw;
    throw Error(ErrorKind::kConfig,
                fmt::format("default_sql '{}' of column '{}' fails: {}", text, column,
                            error.problems()[0].what),
                "write one expression of constants and scalar functions");
  }
}

}  // namespace daedalus
