// CSV and JSON: which columns a file has, what values of them stand in all its rows, and how it is
// read as text.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "catalog/file_column.h"
#include "catalog/text_memory.h"
#include "engine/engine.h"

namespace daedalus {

/// Whether columns of the format have types by their values alone.
bool is_text_format(SourceFormat format);

/// Looks at all rows of a CSV or JSON: fills its columns, with the shape of their values, and
/// reader_options; or fails it, naming the line of the first value that can't be. Values of columns
/// with a declared type or a time form are held to that and have no shape of their own. Throws
/// Error where the file can't be read. Returns the names that the file has, for messages.
std::vector<std::string> look_at_text(Engine& engine, const Source& source,
                                      std::span<const DeclaredColumn> declared,
                                      InspectedDataset& inspected);

/// Says how the file is read, and its columns in that, from their names and places alone.
void settle_reader(const Source& source, InspectedDataset& file);

/// A FROM item of the rows of `group`, files of one reader_options, in which FileColumn::sql of the
/// first of them can be read, and `filename`. Columns are text; those in `nested`, by our name,
/// lists and objects of text of that shape. Of those in `as_text` numbers are as the file writes
/// them.
std::string read_text_files(const Source& source, const std::vector<const InspectedDataset*>& group,
                            const KnownShapes& nested, const std::set<std::string>& as_text);

/// The first value of a column of the file that a column of `known` can't hold, and where:
/// "'x' in line 7". Empty when there is none.
std::string first_misfit(Engine& engine, const Source& source, const InspectedDataset& file,
                         const FileColumn& column, const TextShape& known);

/// The type that `source.types` gives the column of that name, or nothing.
std::optional<std::string> declared_type(const Source& source, const std::string& source_name);

}  // namespace daedalus
