#include "engine/engine.h"

#include <duckdb.h>
#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <set>

#include "engine/duckdb_error.h"
#include "engine/lance_use.h"
#include "engine/open_database.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

// The open connections of the process, so that a signal watcher can stop them all.
struct Live {
  std::mutex mutex;
  std::set<duckdb_connection> connections;
};

Live& live() {
  static Live all;
  return all;
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

}  // namespace

struct Engine::Impl {
  EngineSettings settings;
  std::shared_ptr<const DuckdbInstance> instance;
  duckdb_connection connection = nullptr;
  std::optional<LanceUse> lance_use;  // Where the extension is loaded.

  void run(const std::string& sql, Result& result) const;
};

void Engine::Impl::run(const std::string& sql, Result& result) const {
  throw_if_interrupted();
  if (duckdb_query(connection, sql.c_str(), &result.value) != DuckDBSuccess)
    throw duckdb_failure(result.value, sql);
}

Engine::Engine(const EngineSettings& settings, const std::string& lance_source)
    : impl_(std::make_unique<Impl>()) {
  impl_->settings = settings;
  // Lance is loaded where it is read and nowhere else: it has ways of its own to files.
  const bool lance = !lance_source.empty();
  impl_->instance = settings.instance != nullptr && !lance
                        ? settings.instance
                        : std::make_shared<DuckdbInstance>(settings, lance);
  impl_->connection = impl_->instance->connect();
  if (lance) impl_->lance_use.emplace(lance_source);
  {
    const std::lock_guard lock(live().mutex);
    live().connections.insert(impl_->connection);
  }
}

Engine::~Engine() {
  {
    const std::lock_guard lock(live().mutex);
    live().connections.erase(impl_->connection);
  }
  if (impl_->connection != nullptr) duckdb_disconnect(&impl_->connection);
}

EngineSettings share_instance(EngineSettings settings) {
  settings.instance = std::make_shared<DuckdbInstance>(settings, /*lance=*/false);
  return settings;
}

const EngineSettings& Engine::settings() const { return impl_->settings; }

bool Engine::reads_lance() const { return impl_->lance_use.has_value(); }

bool Engine::may_touch(const std::filesystem::path& path) const {
  std::error_code error;
  const auto resolved = std::filesystem::weakly_canonical(path, error);
  return !error && std::ranges::any_of(impl_->settings.directories, [&](const auto& directory) {
    const auto relative = resolved.lexically_relative(std::filesystem::weakly_canonical(directory));
    return !relative.empty() && *relative.begin() != "..";
  });
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

std::unique_ptr<ResultStream> Engine::stream(const std::string& select) {
  return std::make_unique<ResultStream>(impl_->connection, select);
}

std::shared_ptr<arrow::Table> Engine::table(const std::string& select) {
  return stream(select)->rest();
}

std::string Engine::version() { return duckdb_library_version(); }

void Engine::interrupt_all() {
  set_interrupted(true);
  const std::lock_guard lock(live().mutex);
  for (duckdb_connection connection : live().connections) duckdb_interrupt(connection);
}

void Engine::resume_all() { set_interrupted(false); }

void Engine::throw_if_interrupted() { daedalus::throw_if_interrupted(); }

}  // namespace daedalus
