#include "catalog/text_type.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "catalog/time_form.h"
#include "catalog/type_text.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

constexpr const char* kWholeNumber = "'0|-?[1-9][0-9]*'";

bool is_timestamp(const std::string& type) { return type.starts_with("TIMESTAMP"); }

// A value of json_transform(), whose scalars are text, as what its shape says.
std::string nested_as(const std::string& sql, const TextShape& shape, const std::string& zone,
                      int depth = 0) {
  if (const TextShape* element = shape.element()) {
    const std::string item = fmt::format("item{}", depth);
    return fmt::format("list_transform({}, lambda {}: {})", sql, item,
                       nested_as(item, *element, zone, depth + 1));
  }
  if (!shape.has_struct()) return text_as(sql, shape.type_held(), zone);
  std::vector<std::string> fields;
  for (const auto& [name, field] : shape.fields()) {
    const std::string quoted = quote_identifier(name);
    fields.push_back(fmt::format(
        "{} := {}", quoted, nested_as(fmt::format("({}).{}", sql, quoted), field, zone, depth)));
  }
  return fmt::format("CASE WHEN {} IS NOT NULL THEN struct_pack({}) END", sql,
                     fmt::join(fields, ", "));
}

}  // namespace

std::uint8_t text_type_bit(const std::string& type) {
  if (type == "BIGINT") return kTextBigint;
  if (type == "DOUBLE") return kTextDouble;
  if (type == "BOOLEAN") return kTextBoolean;
  if (type == "DATE") return kTextDate;
  return is_timestamp(type) && !is_list_type(type) ? kTextTimestamp : 0;
}

std::string text_as(const std::string& sql, const std::string& type, const std::string& zone) {
  if (type == "VARCHAR") return sql;
  if (text_type_bit(type) == kTextTimestamp)
    return fmt::format("CAST({} AS {})", iso_text_to_time(sql, zone), type);
  const bool nested = is_list_type(type) || type.find('(') != std::string::npos;
  if (nested && !type.starts_with("DECIMAL"))
    return fmt::format("CAST(CAST({} AS JSON) AS {})", sql, type);
  return fmt::format("CAST({} AS {})", sql, type);
}

std::string json_as(const std::string& sql, const TextShape& shape, const std::string& zone) {
  return nested_as(sql, shape, zone);
}

std::string text_is_a(const std::string& sql, const std::string& type) {
  if (type == "DOUBLE" || type == "FLOAT") {
    // Of these no type is found, but they are what they say.
    const std::string special = fmt::format("lower({}) IN ('nan', 'inf', '-inf')", sql);
    const std::string number = fmt::format("(text_types({}) & {}) > 0", sql, +kTextDouble);
    if (type == "DOUBLE") return fmt::format("({} OR {})", special, number);
    return fmt::format(
        "({0} OR ({1} AND CAST(CAST(TRY_CAST({2} AS FLOAT) AS VARCHAR) AS DOUBLE) = TRY_CAST({2} "
        "AS DOUBLE)))",
        special, number, sql);
  }
  if (const std::uint8_t bit = text_type_bit(type))
    return fmt::format("(text_types({}) & {}) > 0", sql, bit);
  if (type.starts_with("DECIMAL")) {
    return fmt::format(
        "(text_types({0}) & {1}) > 0 AND CAST(TRY_CAST({0} AS {2}) AS DOUBLE) = "
        "TRY_CAST({0} AS DOUBLE)",
        sql, +kTextDouble, type);
  }
  if (type.ends_with("INT") || type.ends_with("INTEGER")) {
    return fmt::format("regexp_full_match({0}, {1}) AND TRY_CAST({0} AS {2}) IS NOT NULL", sql,
                       kWholeNumber, type);
  }
  if (type == "VARCHAR" || is_list_type(type) || type.find('(') != std::string::npos) return "";
  return fmt::format("TRY_CAST({} AS {}) IS NOT NULL", sql, type);
}

}  // namespace daedalus
