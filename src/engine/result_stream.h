// A DuckDB result as Arrow tables, read while it is made.
#pragma once

#include <duckdb.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <string>

namespace arrow {
class Schema;
class Table;
}  // namespace arrow

namespace daedalus {

/// The rows of one SELECT, in its order; see Engine::stream(). Must not outlive its Engine, and may
/// be read in another thread than the one that made it.
class ResultStream {
 public:
  ResultStream(duckdb_connection connection, const std::string& select);
  ~ResultStream();
  ResultStream(const ResultStream&) = delete;
  ResultStream& operator=(const ResultStream&) = delete;

  [[nodiscard]] const std::shared_ptr<arrow::Schema>& schema() const;

  /// The next `rows` rows, each column in one chunk; fewer at the end, and then none. Throws Error
  /// as Engine does.
  std::shared_ptr<arrow::Table> next(std::int64_t rows);

  /// All rows that are left, each column in one chunk; null if they take more than `most_bytes`.
  /// Of no column but the one in hand are there two copies at a time.
  std::shared_ptr<arrow::Table> rest(
      std::int64_t most_bytes = std::numeric_limits<std::int64_t>::max());

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace daedalus
