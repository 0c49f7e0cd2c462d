// Which types a column may have by its role, and with which it leaves.
#pragma once

#include <string>

#include "catalog/file_column.h"

namespace daedalus {

bool is_integer_type(const std::string& type);

/// The type with which a column of `type` in a file leaves, or empty where its role doesn't allow
/// that type. `from_text`: the type is that of values of text, which can leave as they are written.
std::string leaving_type_of(ColumnRole role, const std::string& type, bool from_text);

/// "a timestamp": what a role expects, for messages.
std::string expected_type(ColumnRole role);

}  // namespace daedalus
