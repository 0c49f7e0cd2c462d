// How a JSON is read: its records, and columns of their values as text.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "catalog/file_column.h"
#include "catalog/text_memory.h"
#include "engine/engine.h"
#include "engine/json_record.h"

namespace daedalus {

/// What the records of a JSON hold of the declared columns, and how many there are.
struct JsonContents {
  JsonShapes shapes;
  std::int64_t records = 0;
};
JsonContents json_contents(Engine& engine, const std::string& path,
                           std::span<const DeclaredColumn> declared);

/// A FROM item of the records of `paths` with the columns j0, j1, … that `file` has, as
/// read_text_files() says, and `filename`. `as_written`: numbers are as the files write them, which
/// takes longer.
std::string json_reader(const InspectedDataset& file, const std::vector<std::string>& paths,
                        const KnownShapes& nested, bool as_written);

/// Whether one of the columns in `as_text` has numbers that DuckDB would write in another way.
bool needs_numbers_as_written(const InspectedDataset& file, const std::set<std::string>& as_text);

/// The first value of the column that a column of `known` can't hold, and the number of its record.
std::optional<std::pair<std::string, std::int64_t>> first_json_misfit(Engine& engine,
                                                                      const std::string& path,
                                                                      const std::string& key,
                                                                      const TextShape& known);

}  // namespace daedalus
