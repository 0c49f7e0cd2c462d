#include "catalog/column_types.h"

#include <set>

#include "catalog/type_text.h"

namespace daedalus {
namespace {

bool is_text(const std::string& type) { return normalised_type(type) == "VARCHAR"; }

// Lists, structs, maps and unions.
bool is_nested(const std::string& type) {
  return is_list_type(type) || type.starts_with("STRUCT(") || type.starts_with("MAP(") ||
         type.starts_with("UNION(");
}

// By the type, never by the values: DECIMAL without fraction of up to 18 digits is an integer.
std::string key_type(const std::string& type, bool from_text) {
  if (is_integer_type(type)) return type;
  if (is_text(type)) return "VARCHAR";
  if (from_text && !is_nested(type) && type != "DOUBLE" && type != "FLOAT" &&
      !type.starts_with("DECIMAL"))
    return "VARCHAR";  // as it is written
  if (!type.starts_with("DECIMAL(") || !type.ends_with(",0)")) return "";
  return std::stoi(type.substr(8)) <= 18 ? "BIGINT" : "VARCHAR";
}

std::string time_type(const std::string& type) {
  if (type == "DATE") return type;
  return type.starts_with("TIMESTAMP") && !is_list_type(type) ? "TIMESTAMP" : "";
}

}  // namespace

bool is_integer_type(const std::string& type) {
  static const std::set<std::string> kIntegers{"TINYINT", "SMALLINT", "INTEGER",   "BIGINT",
                                               "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
                                               "UBIGINT", "UHUGEINT"};
  return kIntegers.contains(type);
}

std::string leaving_type_of(ColumnRole role, const std::string& type, bool from_text) {
  switch (role) {
    case ColumnRole::kPlain:
      return normalised_type(type);
    case ColumnRole::kCode:
      return is_integer_type(type) ? normalised_type(type) : "VARCHAR";
    case ColumnRole::kKey:
      return key_type(type, from_text);
    case ColumnRole::kEvent:
      return is_text(type) || (from_text && !is_nested(type)) ? "VARCHAR" : "";
    case ColumnRole::kTime:
      return time_type(type);
    case ColumnRole::kEventTime:
      return time_type(type).empty() ? "" : "TIMESTAMP";
  }
  return "";
}

std::string expected_type(ColumnRole role) {
  if (role == ColumnRole::kTime || role == ColumnRole::kEventTime) return "a timestamp";
  return role == ColumnRole::kKey ? "text or an integer" : "text";
}

}  // namespace daedalus
