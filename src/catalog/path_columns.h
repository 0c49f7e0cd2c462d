// Columns that stand in the names of directories: `country_code=DE/`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "daedalus/config.h"

namespace daedalus {

/// The columns that a source takes from its path: our name, and the name in the path.
using PathColumns = std::map<std::string, std::string>;

/// What `path_columns` and `columns` of `source` say.
PathColumns path_columns_of(const MappedSource& source);

/// The values of `columns` in `path`, by our name: of directories `name=value`, percent-decoded;
/// none where it is the one that stands for NULL. Names match exactly, or else but for ASCII case.
/// Throws Error{kInput} when two directories match equally well, or a value can't be text.
std::map<std::string, std::optional<std::string>> path_values(std::string_view path,
                                                              const PathColumns& columns);

}  // namespace daedalus
