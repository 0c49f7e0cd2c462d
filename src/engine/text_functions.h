// Functions about text that every instance has; what they mean is in base/text_shape.h and
// json_record.h.
#pragma once

#include <duckdb.h>

namespace daedalus {

/// Registers
/// - `text_types(VARCHAR) -> UTINYINT`: types_of_text() as bits;
/// - `iso_time(VARCHAR) -> TIMESTAMP`: the instant, of a naive time as if it were UTC; an error for
///   what is none;
/// - `is_naive_time(VARCHAR) -> BOOLEAN`: whether it has neither a zone nor is a date alone;
/// - `json_texts(record VARCHAR, keys VARCHAR[], quoted BOOLEAN[]) -> VARCHAR[]`: json_texts();
/// - `json_shapes(record VARCHAR, wanted VARCHAR) -> VARCHAR`: an aggregate, JsonShapes::to_json()
///   of all records; `wanted`: keys in lower case, each followed by a line break. What is wrong
///   with a record is an error that begins with its text.
/// False when DuckDB refuses.
bool register_text_functions(duckdb_connection connection);

}  // namespace daedalus
