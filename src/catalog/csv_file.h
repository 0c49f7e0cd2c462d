// How a CSV is read: its header and its delimiter.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalog/file_column.h"
#include "engine/engine.h"

namespace daedalus {

struct CsvLayout {
  char delimiter = ',';
  std::vector<std::string> header;
};

/// The header of the CSV at `path`, and the delimiter by which it has the most of the declared
/// columns: comma, semicolon, tab or bar. So what the rows hold can't change how they are read.
/// Nothing of a file without a line. Throws Error where it can't be read.
std::optional<CsvLayout> csv_layout(Engine& engine, const std::string& path,
                                    std::span<const DeclaredColumn> declared);

/// Options of read_csv() for a file of InspectedDataset::delimiter and width: its columns are text,
/// c0, c1, …, and what `source` calls NULL is NULL.
std::string csv_options(const InspectedDataset& file, const Source& source);

}  // namespace daedalus
