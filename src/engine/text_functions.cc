#include "engine/text_functions.h"

#include <exception>
#include <string>
#include <string_view>

#include "engine/json_record.h"

namespace daedalus {
namespace {

// A vector of values as DuckDB hands it over.
template <typename T>
class Values {
 public:
  explicit Values(duckdb_vector vector)
      : data_(static_cast<T*>(duckdb_vector_get_data(vector))),
        validity_(duckdb_vector_get_validity(vector)) {}

  [[nodiscard]] bool is_null(idx_t row) const {
    return validity_ != nullptr && !duckdb_validity_row_is_valid(validity_, row);
  }
  [[nodiscard]] T& at(idx_t row) const { return data_[row]; }

 private:
  T* data_;
  uint64_t* validity_;
};

std::string_view text_of(duckdb_string_t& text) {
  return {duckdb_string_t_data(&text), duckdb_string_t_length(text)};
}

void set_null(duckdb_vector vector, idx_t row) {
  duckdb_vector_ensure_validity_writable(vector);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}

// Applies `function(text)` to each text that is not NULL.
template <typename Result, typename Function>
void map_texts(duckdb_data_chunk input, duckdb_vector output, const Function& function) {
  const Values<duckdb_string_t> texts(duckdb_data_chunk_get_vector(input, 0));
  auto* results = static_cast<Result*>(duckdb_vector_get_data(output));
  const idx_t rows = duckdb_data_chunk_get_size(input);
  for (idx_t row = 0; row < rows; ++row) {
    if (texts.is_null(row)) {
      set_null(output, row);
    } else {
      results[row] = function(text_of(texts.at(row)));
    }
  }
}

void text_types(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  map_texts<std::uint8_t>(input, output, types_of_text);
}

void iso_time(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  map_texts<duckdb_timestamp>(input, output, [&](std::string_view text) {
    const std::optional<IsoTime> time = parse_iso_time(text);
    if (!time) {
      const std::string error = "'" + std::string(text) + "' is no ISO 8601 time";
      duckdb_scalar_function_set_error(info, error.c_str());
    }
    return duckdb_timestamp{time ? time->micros : 0};
  });
}

void is_naive_time(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  map_texts<bool>(input, output, [](std::string_view text) {
    const std::optional<IsoTime> time = parse_iso_time(text);
    return time && !time->is_zoned && !time->is_date;
  });
}

// The elements of a list that is the same in all rows.
template <typename T>
std::vector<T> constant_list(duckdb_vector lists) {
  const duckdb_list_entry entry = Values<duckdb_list_entry>(lists).at(0);
  const duckdb_vector child = duckdb_list_vector_get_child(lists);
  std::vector<T> values;
  for (idx_t i = entry.offset; i < entry.offset + entry.length; ++i) {
    if constexpr (std::is_same_v<T, std::string>) {
      values.emplace_back(text_of(Values<duckdb_string_t>(child).at(i)));
    } else {
      values.push_back(Values<T>(child).at(i));
    }
  }
  return values;
}

void json_texts_function(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  if (rows == 0) return;
  const Values<duckdb_string_t> records(duckdb_data_chunk_get_vector(input, 0));
  const auto keys = constant_list<std::string>(duckdb_data_chunk_get_vector(input, 1));
  const auto quoted = constant_list<bool>(duckdb_data_chunk_get_vector(input, 2));
  const idx_t size = rows * keys.size();
  duckdb_list_vector_reserve(output, size);
  duckdb_list_vector_set_size(output, size);
  auto* lists = static_cast<duckdb_list_entry*>(duckdb_vector_get_data(output));
  const duckdb_vector texts = duckdb_list_vector_get_child(output);
  for (idx_t row = 0; row < rows; ++row) {
    lists[row] = {row * keys.size(), keys.size()};
    try {
      const auto values = json_texts(text_of(records.at(row)), keys, quoted);
      for (std::size_t i = 0; i < keys.size(); ++i) {
        const idx_t at = row * keys.size() + i;
        if (values[i]) {
          duckdb_vector_assign_string_element_len(texts, at, values[i]->data(), values[i]->size());
        } else {
          set_null(texts, at);
        }
      }
    } catch (const std::exception& error) {
      duckdb_scalar_function_set_error(info, error.what());
      return;
    }
  }
}

// ---- json_shapes, whose state is a pointer to what it has seen ---------------------------------

struct ShapesState {
  JsonShapes* shapes;
};

ShapesState& state_of(duckdb_aggregate_state state) {
  return *reinterpret_cast<ShapesState*>(state);  // NOLINT(*-reinterpret-cast): DuckDB's contract
}

idx_t shapes_size(duckdb_function_info /*info*/) { return sizeof(ShapesState); }

void shapes_init(duckdb_function_info /*info*/, duckdb_aggregate_state state) {
  state_of(state).shapes = new JsonShapes;  // NOLINT(*-owning-memory): until shapes_destroy()
}

void shapes_destroy(duckdb_aggregate_state* states, idx_t count) {
  for (idx_t i = 0; i < count; ++i) {
    delete state_of(states[i]).shapes;  // NOLINT(*-owning-memory)
    state_of(states[i]).shapes = nullptr;
  }
}

std::set<std::string> lines_of(std::string_view text) {
  std::set<std::string> lines;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    lines.emplace(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

void shapes_update(duckdb_function_info info, duckdb_data_chunk input,
                   duckdb_aggregate_state* states) {
  const idx_t rows = duckdb_data_chunk_get_size(input);
  if (rows == 0) return;
  const Values<duckdb_string_t> records(duckdb_data_chunk_get_vector(input, 0));
  const Values<duckdb_string_t> wanted_texts(duckdb_data_chunk_get_vector(input, 1));
  const std::set<std::string> wanted = lines_of(text_of(wanted_texts.at(0)));
  try {
    for (idx_t row = 0; row < rows; ++row) {
      const std::string_view record = records.is_null(row) ? "null" : text_of(records.at(row));
      const std::string problem = add_json_record(record, wanted, *state_of(states[row]).shapes);
      if (problem.empty()) continue;
      duckdb_aggregate_function_set_error(
          info, ("a record " + problem + ": " + std::string(record.substr(0, 200))).c_str());
      return;
    }
  } catch (const std::exception& error) {
    duckdb_aggregate_function_set_error(info, error.what());
  }
}

void shapes_combine(duckdb_function_info /*info*/, duckdb_aggregate_state* sources,
                    duckdb_aggregate_state* targets, idx_t count) {
  for (idx_t i = 0; i < count; ++i)
    state_of(targets[i]).shapes->merge(*state_of(sources[i]).shapes);
}

void shapes_finalize(duckdb_function_info /*info*/, duckdb_aggregate_state* states,
                     duckdb_vector result, idx_t count, idx_t offset) {
  for (idx_t i = 0; i < count; ++i) {
    const std::string text = state_of(states[i]).shapes->to_json();
    duckdb_vector_assign_string_element_len(result, offset + i, text.data(), text.size());
  }
}

// ---- Registering --------------------------------------------------------------------------------

class Type {
 public:
  explicit Type(duckdb_type id) : type_(duckdb_create_logical_type(id)) {}
  explicit Type(duckdb_logical_type type) : type_(type) {}
  ~Type() { duckdb_destroy_logical_type(&type_); }
  Type(const Type&) = delete;
  Type& operator=(const Type&) = delete;
  [[nodiscard]] duckdb_logical_type get() const { return type_; }

 private:
  duckdb_logical_type type_;
};

bool register_scalar(duckdb_connection connection, const char* name,
                     std::initializer_list<const Type*> parameters, const Type& result,
                     duckdb_scalar_function_t body) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_scalar_function_set_name(function, name);
  for (const Type* parameter : parameters)
    duckdb_scalar_function_add_parameter(function, parameter->get());
  duckdb_scalar_function_set_return_type(function, result.get());
  duckdb_scalar_function_set_function(function, body);
  const bool ok = duckdb_register_scalar_function(connection, function) == DuckDBSuccess;
  duckdb_destroy_scalar_function(&function);
  return ok;
}

bool register_shapes(duckdb_connection connection, const Type& text) {
  duckdb_aggregate_function function = duckdb_create_aggregate_function();
  duckdb_aggregate_function_set_name(function, "json_shapes");
  duckdb_aggregate_function_add_parameter(function, text.get());
  duckdb_aggregate_function_add_parameter(function, text.get());
  duckdb_aggregate_function_set_return_type(function, text.get());
  duckdb_aggregate_function_set_functions(function, shapes_size, shapes_init, shapes_update,
                                          shapes_combine, shapes_finalize);
  duckdb_aggregate_function_set_destructor(function, shapes_destroy);
  duckdb_aggregate_function_set_special_handling(function);  // NULL is a record that is no object
  const bool ok = duckdb_register_aggregate_function(connection, function) == DuckDBSuccess;
  duckdb_destroy_aggregate_function(&function);
  return ok;
}

}  // namespace

bool register_text_functions(duckdb_connection connection) {
  const Type text(DUCKDB_TYPE_VARCHAR);
  const Type bits(DUCKDB_TYPE_UTINYINT);
  const Type time(DUCKDB_TYPE_TIMESTAMP);
  const Type boolean(DUCKDB_TYPE_BOOLEAN);
  const Type texts(duckdb_create_list_type(text.get()));
  const Type booleans(duckdb_create_list_type(boolean.get()));
  return register_scalar(connection, "text_types", {&text}, bits, text_types) &&
         register_scalar(connection, "iso_time", {&text}, time, iso_time) &&
         register_scalar(connection, "is_naive_time", {&text}, boolean, is_naive_time) &&
         register_scalar(connection, "json_texts", {&text, &texts, &booleans}, texts,
                         json_texts_function) &&
         register_shapes(connection, text);
}

}  // namespace daedalus
