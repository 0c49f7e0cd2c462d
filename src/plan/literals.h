// Literals of the configuration beside a column of known type: conditions of `when` and filter
// rules, and values of `set`.
#pragma once

#include <string>

#include "daedalus/config.h"
#include "engine/engine.h"

namespace daedalus {

/// A condition that is TRUE or FALSE, never NULL: the column equals the literal; any of its values
/// for a list; IS NULL for null. `type` is the column's. Throws Error{kConfig} when the literal
/// can't be a value of `type`; `engine` tells.
std::string condition(Engine& engine, const ColumnLiteral& item, const std::string& type);

/// The literal as a value of `type`, for assignment. Throws Error{kConfig} as condition() does, and
/// when it would change.
std::string value_of_type(Engine& engine, const ColumnLiteral& item, const std::string& type);

/// `text` as a type name for a cast. Throws Error{kConfig} when it names no type of DuckDB.
std::string quote_type(Engine& engine, const std::string& text);

}  // namespace daedalus
