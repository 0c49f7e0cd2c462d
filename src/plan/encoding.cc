#include "plan/encoding.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "engine/quote.h"

namespace daedalus {
namespace {

bool is_text(const std::string& type) { return type == "VARCHAR"; }

// (code, number): names count for text alone, and a name that looks like another member's number
// wins.
std::string codes_select(const SqlLibrary& sql, const Encoding& encoding,
                         const std::string& raw_type) {
  if (encoding.kind == Encoding::Kind::kIso3166Numeric) return sql.select("iso3166_codes");
  std::map<std::string, std::int32_t> codes;
  for (const auto& [name, number] : encoding.members) codes[fmt::format("{}", number)] = number;
  for (const auto& [name, number] : encoding.members) {
    if (is_text(raw_type)) codes[name] = number;
  }
  std::vector<std::string> rows;
  for (const auto& [code, number] : codes)
    rows.push_back(fmt::format("({}, {}::INTEGER)", quote_text(code), number));
  if (rows.empty()) return "SELECT NULL::VARCHAR AS code, NULL::INTEGER AS number WHERE false";
  return fmt::format("SELECT * FROM (VALUES {}) AS codes(code, number)", fmt::join(rows, ", "));
}

// The value as the codes have it.
std::string code_of(const Encoding& encoding, const std::string& raw_type) {
  const std::string column = "raw." + quote_identifier(encoding.column);
  if (encoding.kind != Encoding::Kind::kIso3166Numeric || !is_text(raw_type))
    return fmt::format("CAST({} AS VARCHAR)", column);
  return fmt::format(
      "CASE WHEN regexp_full_match({0}, '[A-Za-z]{{2,3}}') THEN upper({0}) WHEN "
      "regexp_full_match({0}, '[0-9]+') THEN "
      "CAST(TRY_CAST({0} AS INTEGER) AS VARCHAR) END",
      column);
}

std::string number_of(const Encoding& encoding) {
  return quote_identifier("__code_" + encoding.column) + ".number";
}

std::string code_join(const SqlLibrary& sql, const Encoding& encoding,
                      const std::string& raw_type) {
  const std::string alias = quote_identifier("__code_" + encoding.column);
  return fmt::format("LEFT JOIN ({}) AS {} ON {}.code = {}\n",
                     codes_select(sql, encoding, raw_type), alias, alias,
                     code_of(encoding, raw_type));
}

}  // namespace

std::string encode_feed_columns_select(const Catalog& catalog, const SqlLibrary& sql,
                                       const std::string& events) {
  std::vector<std::string> replaced;
  std::string columns;
  std::string joins;
  for (const Encoding& encoding : catalog.config().feed.encodings) {
    const std::string* type = catalog.feed().type_of(encoding.column);
    const std::string name = quote_identifier(encoding.column);
    if (type == nullptr) {
      columns += fmt::format(", 0::INTEGER AS {}", name);
      continue;
    }
    replaced.push_back(encoding.column);
    columns += fmt::format(", coalesce({}, 0) AS {}", number_of(encoding), name);
    joins += code_join(sql, encoding, *type);
  }
  return sql.select("encode_feed_columns", {{"events", events},
                                            {"except_encoded", exclude_columns(replaced)},
                                            {"encoded_columns", columns},
                                            {"code_joins", joins}});
}

std::string unknown_values_select(const Catalog& catalog, const SqlLibrary& sql,
                                  const Encoding& encoding) {
  const std::string& type = *catalog.feed().type_of(encoding.column);
  return sql.select("count_unknown_values", {{"column", quote_identifier(encoding.column)},
                                             {"code_join", code_join(sql, encoding, type)},
                                             {"number", number_of(encoding)}});
}

}  // namespace daedalus
