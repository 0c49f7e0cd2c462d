// The one writer of output files: Arrow tables in, numbered Zstd Parquet parts out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace arrow {
class Schema;
class Table;
}  // namespace arrow

namespace daedalus {

/// A part file that was written, synced and verified.
struct PartFile {
  std::string name;  ///< "part-N-0.parquet".
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::string checksum;  ///< "xxh3:" and the XXH3-64 of its bytes, in hexadecimal.
};

/// Writes `part-N-0.parquet`, N from 0, `rows_per_part` rows each but the last, into a directory
/// that nobody reads yet. A day without rows gets one part with no rows. The bytes depend on the
/// rows alone: not on the tables they come in, nor on the number of threads.
///
/// Zstd; a dictionary for strings, also those of lists (sink/string_list_writer.h), and for numbers
/// of 32 bits or less that are no lists. Lists of strings may come with these in a dictionary of
/// distinct entries: that saves time, and the bytes are the same. Columns are
/// encoded in parallel. Throws Error{kEnvironment} when the disk is full or not writable, kInput
/// for a column of a type that Parquet does not hold, kBug for a table of another schema. Without
/// finish(), the files are unfinished.
class ParquetSink {
 public:
  /// Rows that are encoded at once. Tables of this many need no copy.
  static constexpr std::int64_t kSliceRows = 4'096;

  ParquetSink(std::filesystem::path directory, std::shared_ptr<arrow::Schema> schema,
              std::int64_t rows_per_part, int threads = 1);
  ~ParquetSink();
  ParquetSink(const ParquetSink&) = delete;
  ParquetSink& operator=(const ParquetSink&) = delete;

  /// Appends rows; `table` has exactly the sink's schema.
  void write(const arrow::Table& table);

  /// Closes the last part, syncs all to disk, re-opens each and checks its row count, schema and
  /// checksum.
  /// Called once, last.
  std::vector<PartFile> finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace daedalus
