// The one place where text becomes SQL: every identifier and literal that comes from a
// configuration or from data passes through here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daedalus/config.h"

namespace daedalus {

/// `text` as a quoted SQL identifier. Throws Error{kConfig} when it is empty or holds a NUL byte.
std::string quote_identifier(std::string_view text);

/// `text` as an SQL string literal. Throws Error{kConfig} when it holds a NUL byte.
std::string quote_text(std::string_view text);

/// A list of string literals: `['a', 'b']::VARCHAR[]`.
std::string quote_text_list(const std::vector<std::string>& texts);

/// `EXCLUDE (…)` of columns, for what follows `SELECT *`; empty where there are none.
std::string exclude_columns(const std::vector<std::string>& names);

/// A configuration literal as an SQL expression, with the type that semantics.md gives to its YAML
/// value: BIGINT, DOUBLE, BOOLEAN, VARCHAR or a list of these; a lone NULL is VARCHAR.
std::string quote_literal(const Literal& literal);

}  // namespace daedalus
