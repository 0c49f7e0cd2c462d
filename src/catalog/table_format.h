// Signs that a directory is a table whose files must not be read one by one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/path_search.h"

namespace daedalus {

/// Throws Error{kInput} when a directory above one of `files`, from `fixed_directory` on, is that
/// of a Delta, Hudi or Iceberg table: files that such a table has removed still lie there.
void refuse_table_formats(const std::vector<FoundPath>& files, std::string_view fixed_directory);

}  // namespace daedalus
