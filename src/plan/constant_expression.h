// `default_sql`: the one place where the configuration holds SQL.
#pragma once

#include <string>

#include "engine/engine.h"

namespace daedalus {

/// The text of the default_sql of `column` as an SQL expression, proved to be one scalar expression
/// of constants and scalar functions: no columns, no subquery, nothing that reads a file or a
/// setting, nothing volatile. What is not known to be harmless is refused. Both the parsed
/// expression is judged, before anything is bound (binding may look into files, and makes constants
/// of settings), and the bound plan, which says what the names really are. `engine` should be one
/// that may touch no file. Throws Error{kConfig}.
std::string constant_expression(Engine& engine, const std::string& column, const std::string& text);

}  // namespace daedalus
