// Rows of an Arrow table for people and for scripts.
#pragma once

#include <string>

#include "cli/json.h"

namespace arrow {
class Table;
}

namespace daedalus::cli {

/// A line a row. Values as in JSON, text bare, cells that are longer than a screen allows cut
/// short.
std::string row_table(const arrow::Table& rows);

/// A list of objects, one a row. Times and decimals are text, and so are NaN and the infinities,
/// which JSON does not have.
Json to_json(const arrow::Table& rows);

}  // namespace daedalus::cli
