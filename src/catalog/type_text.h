// DuckDB's type names as structure, so that a rule about types can't touch a field's name.
#pragma once

#include <functional>
#include <string>

namespace daedalus {

/// `type` with each scalar type in it replaced by `replace(scalar)`: itself, the elements of lists
/// and arrays, the fields of structs, keys and values of maps. E.g. "STRUCT(UUID TIMESTAMP_NS)[]"
/// has the one scalar "TIMESTAMP_NS".
std::string map_scalar_types(const std::string& type,
                             const std::function<std::string(const std::string&)>& replace);

/// `type` as a column leaves with it: timestamps of any precision or zone become TIMESTAMP, HUGEINT
/// (DuckDB's guess where signs or signedness mix) BIGINT, and types that only DuckDB knows (JSON,
/// UUID, ENUM) VARCHAR, wherever they stand in it.
std::string normalised_type(const std::string& type);

/// `type` as DuckDB calls it, where a person wrote one of its other names: "int8[]" is "BIGINT[]".
std::string canonical_type(const std::string& type);

/// A TIMESTAMP_NS expression as a TIMESTAMP, rounded down.
std::string timestamp_rounded_down(const std::string& nanoseconds);

/// Whether `type` is a list or an array.
bool is_list_type(const std::string& type);

/// The type of a list's or array's elements; `type` itself when it is neither.
std::string element_type(const std::string& type);

}  // namespace daedalus
