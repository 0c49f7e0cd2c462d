#include "catalog/type_text.h"

#include <fmt/format.h>

#include <cctype>
#include <map>
#include <set>
#include <string_view>

namespace daedalus {
namespace {

using Replace = std::function<std::string(const std::string&)>;

// Where the text that starts at `from` ends: at a comma or closing parenthesis outside of quotes
// and parentheses.
std::size_t end_of_part(std::string_view text, std::size_t from) {
  int depth = 0;
  char quote = 0;
  for (std::size_t i = from; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(') {
      ++depth;
    } else if ((c == ')' || c == ',') && depth == 0) {
      return i;
    } else if (c == ')') {
      --depth;
    }
  }
  return text.size();
}

// The length of a field's name, plain or quoted ("" is a quote in it), with the space behind it.
std::size_t field_name_size(std::string_view field) {
  std::size_t i = 0;
  if (field.starts_with('"')) {
    for (i = 1; i < field.size(); ++i) {
      if (field[i] != '"') continue;
      if (i + 1 < field.size() && field[i + 1] == '"') {
        ++i;
      } else {
        break;
      }
    }
    ++i;
  } else {
    i = field.find(' ');
  }
  return i + 1;
}

// The parts between the parentheses of a STRUCT, UNION or MAP, each with its types replaced.
std::string map_parts(std::string_view parts, bool named, const Replace& replace) {
  std::string mapped;
  for (std::size_t from = 0; from <= parts.size();) {
    const std::size_t end = end_of_part(parts, from);
    const std::string_view part = parts.substr(from, end - from);
    const std::size_t skip = part.find_first_not_of(' ');
    if (skip == std::string_view::npos) break;
    const std::string_view field = part.substr(skip);
    const std::size_t name = named ? field_name_size(field) : 0;
    if (!mapped.empty()) mapped += ", ";
    mapped += field.substr(0, name);
    mapped += map_scalar_types(std::string(field.substr(name)), replace);
    from = end + 1;
  }
  return mapped;
}

}  // namespace

// The plain cast rounds towards zero, which before 1970 is up.
std::string timestamp_rounded_down(const std::string& nanoseconds) {
  return fmt::format(
      "CAST({0} AS TIMESTAMP) - CASE WHEN epoch_ns({0}) % 1000 < 0 THEN INTERVAL 1 microsecond "
      "ELSE "
      "INTERVAL 0 microsecond END",
      nanoseconds);
}

bool is_list_type(const std::string& type) { return type.ends_with(']'); }

std::string element_type(const std::string& type) {
  return is_list_type(type) ? type.substr(0, type.rfind('[')) : type;
}

std::string map_scalar_types(const std::string& type, const Replace& replace) {
  if (is_list_type(type)) {
    return map_scalar_types(element_type(type), replace) + type.substr(type.rfind('['));
  }
  for (const std::string_view nested : {"STRUCT(", "UNION(", "MAP("}) {
    if (!type.starts_with(nested)) continue;
    const std::string_view parts =
        std::string_view{type}.substr(nested.size(), type.size() - nested.size() - 1);
    return std::string(nested) + map_parts(parts, nested != "MAP(", replace) + ")";
  }
  return replace(type);
}

std::string normalised_type(const std::string& type) {
  static const std::set<std::string> kTimestamps{"TIMESTAMP WITH TIME ZONE", "TIMESTAMP_NS",
                                                 "TIMESTAMP_MS", "TIMESTAMP_S"};
  return map_scalar_types(type, [](const std::string& scalar) -> std::string {
    if (kTimestamps.contains(scalar)) return "TIMESTAMP";
    if (scalar == "HUGEINT") return "BIGINT";
    if (scalar == "JSON" || scalar == "UUID" || scalar == "\"NULL\"" ||
        scalar.starts_with("ENUM(")) {
      return "VARCHAR";
    }
    return scalar;
  });
}

std::string canonical_type(const std::string& type) {
  static const std::map<std::string, std::string> kOtherNames{
      {"INT1", "TINYINT"},
      {"INT2", "SMALLINT"},
      {"SHORT", "SMALLINT"},
      {"INT16", "SMALLINT"},
      {"INT", "INTEGER"},
      {"INT4", "INTEGER"},
      {"INT32", "INTEGER"},
      {"SIGNED", "INTEGER"},
      {"INT8", "BIGINT"},
      {"INT64", "BIGINT"},
      {"LONG", "BIGINT"},
      {"BOOL", "BOOLEAN"},
      {"LOGICAL", "BOOLEAN"},
      {"TEXT", "VARCHAR"},
      {"STRING", "VARCHAR"},
      {"CHAR", "VARCHAR"},
      {"BPCHAR", "VARCHAR"},
      {"NVARCHAR", "VARCHAR"},
      {"FLOAT8", "DOUBLE"},
      {"FLOAT4", "FLOAT"},
      {"REAL", "FLOAT"},
      {"DATETIME", "TIMESTAMP"},
      {"TIMESTAMP_US", "TIMESTAMP"},
      {"TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"}};
  return map_scalar_types(type, [](const std::string& scalar) {
    if (scalar.find_first_of("\"'") != std::string::npos) return scalar;  // names within it stay
    std::string upper;
    const bool has_parts = scalar.find('(') != std::string::npos;
    for (const char c : scalar) {  // DECIMAL(18, 0) is DECIMAL(18,0)
      if (has_parts && c == ' ') continue;
      upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    const auto found = kOtherNames.find(upper);
    return found == kOtherNames.end() ? upper : found->second;
  });
}

}  // namespace daedalus
