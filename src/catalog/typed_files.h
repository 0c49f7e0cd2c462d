// Parquet and Lance, which carry their types: which columns a file has.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "catalog/file_column.h"
#include "engine/engine.h"

namespace daedalus {

/// Looks at the schema of a Parquet file or Lance dataset, and at no row: fills its columns.
/// Throws Error where it can't be read. Returns the names that the file has, for messages.
std::vector<std::string> look_at_typed(Engine& engine, const Source& source,
                                       std::span<const DeclaredColumn> declared,
                                       InspectedDataset& inspected);

/// A FROM item of the rows of `group`, and with `with_names` of the `filename` of each.
std::string read_typed_files(const Source& source,
                             const std::vector<const InspectedDataset*>& group, bool with_names);

/// The column `sql`, of type `from`, as `type`: times rounded down to microseconds in UTC, naive
/// ones being of `zone`.
std::string typed_as(const std::string& sql, const std::string& from, const std::string& type,
                     const std::string& zone);

}  // namespace daedalus
