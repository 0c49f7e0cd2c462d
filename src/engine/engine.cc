#include "engine/engine.h"

#include <arrow/api.h>
#include <arrow/c/bridge.h>
#include <duckdb.h>
#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <set>

#include "engine/event_tie.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

// The open connections of the process, so that a signal watcher can stop them all.
struct Live {
  std::mutex mutex;
  std::set<duckdb_connection> connections;
  std::atomic<bool> interrupted{false};
};

Live& live() {
  static Live all;
  return all;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_machine_trouble(std::string_view message) {
  for (const char* sign : {"No space left", "Could not write", "Too many open files",
                           "Failed to create directory", "Read-only file system", "for writing"}) {
    if (contains(message, sign)) return true;
  }
  return false;
}

// A DuckDB error says what happened, not who must act.
ErrorKind kind_of(duckdb_error_type type, std::string_view message) {
  if (live().interrupted || type == DUCKDB_ERROR_INTERRUPT) return ErrorKind::kInterrupted;
  switch (type) {
    case DUCKDB_ERROR_OUT_OF_MEMORY:
    case DUCKDB_ERROR_PERMISSION:
      return ErrorKind::kEnvironment;
    case DUCKDB_ERROR_PARSER:
    case DUCKDB_ERROR_BINDER:
    case DUCKDB_ERROR_CATALOG:
    case DUCKDB_ERROR_INTERNAL:
    case DUCKDB_ERROR_FATAL:
    case DUCKDB_ERROR_SYNTAX:
      return ErrorKind::kBug;
    case DUCKDB_ERROR_IO:
      return is_machine_trouble(message) ? ErrorKind::kEnvironment : ErrorKind::kInput;
    default:
      return contains(message, "Out of Memory") || contains(message, "bad_alloc")
                 ? ErrorKind::kEnvironment
                 : ErrorKind::kInput;
  }
}

std::string fix_for(ErrorKind kind, std::string_view message) {
  if (kind != ErrorKind::kEnvironment) return {};
  if (contains(message, "No space left"))
    return "free disk space, or point output_root or compute.duckdb_config.temp_directory "
           "elsewhere";
  if (contains(message, "Memory") || contains(message, "memory")) {
    return "raise compute.duckdb_config.memory_limit, lower threads or day_workers, or give "
           "temp_directory more room";
  }
  return {};
}

// Frees DuckDB's C handles in every path.
struct Result {
  duckdb_result value{};
  Result() = default;
  ~Result() { duckdb_destroy_result(&value); }
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;
};
struct Chunk {
  duckdb_data_chunk value;
  explicit Chunk(duckdb_data_chunk owned) : value(owned) {}
  ~Chunk() { duckdb_destroy_data_chunk(&value); }
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;
};

void throw_if_failed(duckdb_error_data error) {
  if (error == nullptr) return;
  const bool failed = duckdb_error_data_has_error(error);
  const std::string message = failed ? duckdb_error_data_message(error) : "";
  duckdb_destroy_error_data(&error);
  if (failed) throw Error(ErrorKind::kBug, "a result can't become Arrow: " + message);
}

std::shared_ptr<arrow::Schema> arrow_schema(duckdb_arrow_options options, duckdb_result& result) {
  const idx_t columns = duckdb_column_count(&result);
  std::vector<duckdb_logical_type> types;
  std::vector<const char*> names;
  for (idx_t i = 0; i < columns; ++i) {
    types.push_back(duckdb_column_logical_type(&result, i));
    names.push_back(duckdb_column_name(&result, i));
  }
  ArrowSchema schema{};
  duckdb_error_data error =
      duckdb_to_arrow_schema(options, types.data(), names.data(), columns, &schema);
  for (duckdb_logical_type& type : types) duckdb_destroy_logical_type(&type);
  throw_if_failed(error);
  return arrow::ImportSchema(&schema).ValueOrDie();
}

}  // namespace

struct Engine::Impl {
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
  bool lance_loaded = false;

  void open(const std::map<std::string, std::string>& settings);
  void run(const std::string& sql, Result& result) const;
};

void Engine::Impl::open(const std::map<std::string, std::string>& settings) {
  duckdb_config config = nullptr;
  duckdb_create_config(&config);
  auto set = [&config](const std::string& name, const std::string& value) {
    if (duckdb_set_config(config, name.c_str(), value.c_str()) == DuckDBError) {
      duckdb_destroy_config(&config);
      throw Error(ErrorKind::kConfig,
                  fmt::format("compute.duckdb_config: DuckDB refuses {} = {}", name, value),
                  "see DuckDB's list of settings");
    }
  };
  for (const auto& [name, value] : settings) set(name, value);
  set("autoinstall_known_extensions", "false");
  set("autoload_known_extensions", "false");
  // The only LOAD is of the file that set-up verified; checking its signature again costs every
  // instance a second.
  set("allow_unsigned_extensions", "true");
  char* message = nullptr;
  const bool ok = duckdb_open_ext(":memory:", &database, config, &message) == DuckDBSuccess;
  duckdb_destroy_config(&config);
  if (!ok) {
    const std::string text = message != nullptr ? message : "unknown cause";
    duckdb_free(message);
    throw Error(ErrorKind::kConfig, "compute.duckdb_config: DuckDB does not start: " + text,
                "see DuckDB's list of settings");
  }
  duckdb_connect(database, &connection);
  const std::lock_guard lock(live().mutex);
  live().connections.insert(connection);
}

void Engine::Impl::run(const std::string& sql, Result& result) const {
  if (live().interrupted) throw Error(ErrorKind::kInterrupted, "interrupted");
  if (duckdb_query(connection, sql.c_str(), &result.value) == DuckDBSuccess) return;
  const char* text = duckdb_result_error(&result.value);
  std::string message = text != nullptr ? text : "unknown error";
  const ErrorKind kind = kind_of(duckdb_result_error_type(&result.value), message);
  if (kind != ErrorKind::kBug) message.erase(std::min(message.find("\n\nLINE "), message.size()));
  throw Error(kind, kind == ErrorKind::kBug ? message + "\nin: " + sql : message,
              fix_for(kind, message));
}

Engine::Engine(const std::map<std::string, std::string>& settings)
    : impl_(std::make_unique<Impl>()) {
  if (const auto temp = settings.find("temp_directory");
      temp != settings.end() && !temp->second.empty()) {
    std::error_code error;
    std::filesystem::create_directories(temp->second, error);
    if (error) {
      throw Error(ErrorKind::kEnvironment,
                  fmt::format("temp_directory {} can't be made: {}", temp->second, error.message()),
                  "make it writable, or set compute.duckdb_config.temp_directory to another place");
    }
  }
  impl_->open(settings);
  execute("SET TimeZone = 'UTC'");
  if (!register_event_tie(impl_->connection))
    throw Error(ErrorKind::kBug, "DuckDB refuses event_tie");
}

Engine::~Engine() {
  {
    const std::lock_guard lock(live().mutex);
    live().connections.erase(impl_->connection);
  }
  if (impl_->connection != nullptr) duckdb_disconnect(&impl_->connection);
  if (impl_->database != nullptr) duckdb_close(&impl_->database);
}

void Engine::load_lance() {
  if (impl_->lance_loaded) return;
  const char* from_environment = std::getenv("DAEDALUS_LANCE_EXTENSION");
  const std::string path =
      from_environment != nullptr ? from_environment : DAEDALUS_LANCE_EXTENSION_DEFAULT;
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorKind::kEnvironment, "the Lance extension is missing: " + path,
                "run `make setup`, or set DAEDALUS_LANCE_EXTENSION to lance.duckdb_extension");
  }
  execute("LOAD " + quote_text(path));
  impl_->lance_loaded = true;
}

void Engine::execute(const std::string& sql) {
  Result result;
  impl_->run(sql, result);
}

void Engine::create_view(const std::string& name, const std::string& select) {
  execute(fmt::format("CREATE OR REPLACE TEMP VIEW {} AS {}", quote_identifier(name), select));
}

void Engine::set_variable(const std::string& name, const std::string& expression) {
  execute(fmt::format("SET VARIABLE {} = {}", quote_identifier(name), expression));
}

TextRows Engine::query(const std::string& sql) {
  Result result;
  impl_->run(fmt::format("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({})", sql), result);
  TextRows rows;
  while (duckdb_data_chunk handle = duckdb_fetch_chunk(result.value)) {
    const Chunk chunk(handle);
    const idx_t columns = duckdb_data_chunk_get_column_count(handle);
    const std::size_t first = rows.size();
    rows.resize(first + duckdb_data_chunk_get_size(handle),
                std::vector<std::optional<std::string>>(columns));
    for (idx_t c = 0; c < columns; ++c) {
      duckdb_vector vector = duckdb_data_chunk_get_vector(handle, c);
      auto* values = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
      uint64_t* validity = duckdb_vector_get_validity(vector);
      for (std::size_t r = first; r < rows.size(); ++r) {
        const idx_t at = r - first;
        if (validity != nullptr && !duckdb_validity_row_is_valid(validity, at)) continue;
        rows[r][c].emplace(duckdb_string_t_data(&values[at]), duckdb_string_t_length(values[at]));
      }
    }
  }
  return rows;
}

std::int64_t Engine::query_count(const std::string& sql) {
  return std::stoll(query(sql).at(0).at(0).value());
}

std::vector<ColumnType> Engine::describe(const std::string& select) {
  std::vector<ColumnType> columns;
  for (const auto& row : query("FROM (DESCRIBE " + select + ")"))
    columns.push_back({row.at(0).value(), row.at(1).value()});
  return columns;
}

std::shared_ptr<arrow::Table> Engine::table(const std::string& select) {
  Result result;
  impl_->run(select, result);
  duckdb_arrow_options options = duckdb_result_get_arrow_options(&result.value);
  const std::unique_ptr<_duckdb_arrow_options, void (*)(duckdb_arrow_options)> guard(
      options, [](duckdb_arrow_options o) { duckdb_destroy_arrow_options(&o); });
  const std::shared_ptr<arrow::Schema> schema = arrow_schema(options, result.value);
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
  while (duckdb_data_chunk handle = duckdb_fetch_chunk(result.value)) {
    const Chunk chunk(handle);
    ArrowArray array{};
    throw_if_failed(duckdb_data_chunk_to_arrow(options, handle, &array));
    batches.push_back(arrow::ImportRecordBatch(&array, schema).ValueOrDie());
  }
  return arrow::Table::FromRecordBatches(schema, batches).ValueOrDie();
}

std::string Engine::version() { return duckdb_library_version(); }

void Engine::interrupt_all() {
  live().interrupted = true;
  const std::lock_guard lock(live().mutex);
  for (duckdb_connection connection : live().connections) duckdb_interrupt(connection);
}

}  // namespace daedalus
