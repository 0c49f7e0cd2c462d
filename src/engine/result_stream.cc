#include "engine/result_stream.h"

#include <arrow/api.h>
#include <arrow/c/bridge.h>
#include <arrow/util/byte_size.h>

#include <deque>
#include <vector>

#include "engine/duckdb_error.h"
#include "engine/duckdb_text.h"

namespace daedalus {
namespace {

// A failure of Arrow on data that DuckDB made: memory ran out, or a column is over 2 GiB.
template <typename T>
T value_of(arrow::Result<T> result) {
  if (result.ok()) return std::move(result).ValueUnsafe();
  const bool machine = result.status().IsOutOfMemory() || result.status().IsCapacityError() ||
                       result.status().IsInvalid();
  throw Error(machine ? ErrorKind::kEnvironment : ErrorKind::kBug,
              "a result can't become Arrow: " + result.status().ToString(),
              machine ? "free some memory" : "");
}

void throw_if_failed(duckdb_error_data error) {
  if (error == nullptr) return;
  const bool failed = duckdb_error_data_has_error(error);
  const std::string message = failed ? duckdb_error_data_message(error) : "";
  duckdb_destroy_error_data(&error);
  if (failed)
    throw Error(ErrorKind::kBug, "a result can't become Arrow: " + clean_duckdb_text(message));
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
  return value_of(arrow::ImportSchema(&schema));
}

}  // namespace

struct ResultStream::Impl {
  std::string select;
  duckdb_prepared_statement statement = nullptr;
  duckdb_result result{};
  duckdb_arrow_options options = nullptr;
  std::shared_ptr<arrow::Schema> schema;
  std::deque<std::shared_ptr<arrow::RecordBatch>> ahead;  // fetched, and not handed out
  bool finished = false;

  Impl(duckdb_connection connection, std::string sql);
  ~Impl() { release(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  void run(duckdb_connection connection);
  bool fetch();
  void release();
};

ResultStream::Impl::Impl(duckdb_connection connection, std::string sql) : select(std::move(sql)) {
  try {
    run(connection);
    options = duckdb_result_get_arrow_options(&result);
    schema = arrow_schema(options, result);
  } catch (...) {
    release();
    throw;
  }
}

void ResultStream::Impl::release() {
  if (options != nullptr) duckdb_destroy_arrow_options(&options);
  duckdb_destroy_result(&result);
  duckdb_destroy_prepare(&statement);
}

void ResultStream::Impl::run(duckdb_connection connection) {
  throw_if_interrupted();
  const bool prepared = duckdb_prepare(connection, select.c_str(), &statement) == DuckDBSuccess;
  // A statement that can't be prepared can't run either; its result has the kind of error.
  const duckdb_state state = prepared ? duckdb_execute_prepared_streaming(statement, &result)
                                      : duckdb_query(connection, select.c_str(), &result);
  if (state != DuckDBSuccess) throw duckdb_failure(result, select);
}

// Appends a batch to `ahead`; false at the end.
bool ResultStream::Impl::fetch() {
  if (finished) return false;
  throw_if_interrupted();
  duckdb_data_chunk chunk = duckdb_fetch_chunk(result);
  if (chunk == nullptr) {
    finished = true;
    const char* error = duckdb_result_error(&result);
    if (error != nullptr && *error != '\0') throw duckdb_failure(result, select);
    throw_if_interrupted();
    return false;
  }
  ArrowArray array{};
  duckdb_error_data error = duckdb_data_chunk_to_arrow(options, chunk, &array);
  duckdb_destroy_data_chunk(&chunk);
  throw_if_failed(error);
  ahead.push_back(value_of(arrow::ImportRecordBatch(&array, schema)));
  return true;
}

ResultStream::ResultStream(duckdb_connection connection, const std::string& select)
    : impl_(std::make_unique<Impl>(connection, select)) {}

ResultStream::~ResultStream() = default;

const std::shared_ptr<arrow::Schema>& ResultStream::schema() const { return impl_->schema; }

std::shared_ptr<arrow::Table> ResultStream::next(std::int64_t rows) {
  std::vector<std::shared_ptr<arrow::RecordBatch>> taken;
  for (std::int64_t missing = rows; missing > 0;) {
    if (impl_->ahead.empty() && !impl_->fetch()) break;
    std::shared_ptr<arrow::RecordBatch>& front = impl_->ahead.front();
    if (front->num_rows() <= missing) {
      missing -= front->num_rows();
      taken.push_back(std::move(front));
      impl_->ahead.pop_front();
    } else {
      taken.push_back(front->Slice(0, missing));
      front = front->Slice(missing);
      missing = 0;
    }
  }
  const auto table = value_of(arrow::Table::FromRecordBatches(impl_->schema, taken));
  return value_of(table->CombineChunks());
}

std::shared_ptr<arrow::Table> ResultStream::rest(std::int64_t most_bytes) {
  // A batch of DuckDB's is freed whole, a run of them, copied, by the column.
  constexpr std::int64_t kRunRows = 16'384;
  std::vector<std::shared_ptr<arrow::Table>> runs;
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  do {
    runs.push_back(next(kRunRows));
    rows += runs.back()->num_rows();
    bytes += arrow::util::TotalBufferSize(*runs.back());
    if (bytes > most_bytes) return nullptr;
  } while (runs.back()->num_rows() > 0);
  std::vector<std::shared_ptr<arrow::ChunkedArray>> columns =
      value_of(arrow::ConcatenateTables(runs))->columns();
  runs.clear();
  for (auto& column : columns) {
    if (column->num_chunks() < 2) continue;
    const arrow::ArrayVector chunks = column->chunks();
    column.reset();
    column = std::make_shared<arrow::ChunkedArray>(value_of(arrow::Concatenate(chunks)));
  }
  return arrow::Table::Make(impl_->schema, std::move(columns), rows);
}

}  // namespace daedalus
