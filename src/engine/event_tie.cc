#include "engine/event_tie.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdint>
#include <string>

namespace daedalus {
namespace {

struct Bytes {
  const char* data;
  std::size_t size;
};

Bytes bytes_of(duckdb_string_t* text) {
  return {duckdb_string_t_data(text), duckdb_string_t_length(*text)};
}

void event_tie(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  duckdb_vector ids = duckdb_data_chunk_get_vector(input, 0);
  duckdb_vector events = duckdb_data_chunk_get_vector(input, 1);
  auto* id = static_cast<duckdb_string_t*>(duckdb_vector_get_data(ids));
  auto* event = static_cast<duckdb_string_t*>(duckdb_vector_get_data(events));
  uint64_t* id_validity = duckdb_vector_get_validity(ids);
  uint64_t* event_validity = duckdb_vector_get_validity(events);
  auto* result = static_cast<uint64_t*>(duckdb_vector_get_data(output));
  std::string buffer;
  for (idx_t row = 0; row < rows; ++row) {
    const bool valid =
        (id_validity == nullptr || duckdb_validity_row_is_valid(id_validity, row)) &&
        (event_validity == nullptr || duckdb_validity_row_is_valid(event_validity, row));
    if (!valid) {
      duckdb_vector_ensure_validity_writable(output);
      duckdb_validity_set_row_invalid(duckdb_vector_get_validity(output), row);
      continue;
    }
    const Bytes a = bytes_of(&id[row]);
    const Bytes b = bytes_of(&event[row]);
    buffer.assign(a.data, a.size);
    buffer += '\x1F';
    buffer.append(b.data, b.size);
    result[row] = XXH3_64bits(buffer.data(), buffer.size());
  }
}

}  // namespace

bool register_event_tie(duckdb_connection connection) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
  duckdb_logical_type hash = duckdb_create_logical_type(DUCKDB_TYPE_UBIGINT);
  duckdb_scalar_function_set_name(function, "event_tie");
  duckdb_scalar_function_add_parameter(function, text);
  duckdb_scalar_function_add_parameter(function, text);
  duckdb_scalar_function_set_return_type(function, hash);
  duckdb_scalar_function_set_function(function, event_tie);
  const bool ok = duckdb_register_scalar_function(connection, function) == DuckDBSuccess;
  duckdb_destroy_logical_type(&text);
  duckdb_destroy_logical_type(&hash);
  duckdb_destroy_scalar_function(&function);
  return ok;
}

}  // namespace daedalus
