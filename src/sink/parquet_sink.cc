#include "sink/parquet_sink.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <fmt/format.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "daedalus/error.h"
#include "sink/file.h"

namespace daedalus {
namespace {

// Neither a version nor a date: a file's bytes change only when its rows do.
constexpr const char* kCreatedBy = "daedalus";

void throw_if_failed(const arrow::Status& status, const std::filesystem::path& path) {
  if (status.ok()) return;
  // CapacityError, Invalid: 32-bit list and string offsets are full, which takes gigabytes in one
  // column.
  const bool too_big = status.IsCapacityError() || status.IsInvalid();
  throw Error(ErrorKind::kEnvironment,
              fmt::format("can't write {}: {}", path.string(), status.ToString()),
              too_big ? "lower entity_spine_chunk_rows"
                      : "free some disk space or memory, or set output_root to another disk");
}

// Measured in kB over 100,000 rows by user and time. A dictionary shrinks names, item ids and small
// numbers (event 52 to 17, artwork_id 309 to 190) and swells times and floats (584 to 779, 768 to
// 962) and what the rows are ordered by (qid 35 to 143, user_id 119 to 154). Lists, in MB over
// 70 million elements: 22 to 59.
bool takes_dictionary(const arrow::DataType& type) {
  return arrow::is_base_binary_like(type.id()) ||
         (arrow::is_integer(type.id()) && type.bit_width() <= 32);
}

std::shared_ptr<parquet::WriterProperties> writer_properties(const arrow::Schema& schema) {
  parquet::WriterProperties::Builder builder;
  builder.created_by(kCreatedBy)
      ->compression(parquet::Compression::ZSTD)
      ->max_row_group_length(std::numeric_limits<std::int64_t>::max())
      ->disable_dictionary();
  for (const auto& field : schema.fields()) {
    if (takes_dictionary(*field->type())) builder.enable_dictionary(field->name());
  }
  return builder.build();
}

}  // namespace

struct ParquetSink::Impl {
  struct Part {
    std::filesystem::path path;
    std::shared_ptr<arrow::io::FileOutputStream> stream;
    std::unique_ptr<parquet::arrow::FileWriter> writer;
    std::int64_t rows = 0;
  };
  struct Written {
    PartFile file;
    std::shared_ptr<parquet::FileMetaData> metadata;
  };

  std::filesystem::path directory;
  std::shared_ptr<arrow::Schema> schema;
  std::int64_t rows_per_part = 0;
  std::shared_ptr<parquet::WriterProperties> properties;
  std::unique_ptr<Part> part;
  std::vector<Written> written;

  void open_part();
  void append(const arrow::Table& slice);
  void close_part();
  void verify(const Written& expected) const;
};

void ParquetSink::Impl::open_part() {
  const std::string name = fmt::format("part-{}-0.parquet", written.size());
  auto next = std::make_unique<Part>();
  next->path = directory / name;
  auto stream = arrow::io::FileOutputStream::Open(next->path.string());
  throw_if_failed(stream.status(), next->path);
  next->stream = *stream;
  const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  auto writer = parquet::arrow::FileWriter::Open(*schema, arrow::default_memory_pool(),
                                                 next->stream, properties, arrow_properties);
  throw_if_failed(writer.status(), next->path);
  next->writer = std::move(*writer);
  part = std::move(next);
}

void ParquetSink::Impl::append(const arrow::Table& slice) {
  if (part == nullptr) open_part();
  // A page ends where a chunk does; one chunk makes the bytes those of the rows alone.
  const auto combined = slice.CombineChunks();
  throw_if_failed(combined.status(), part->path);
  throw_if_failed(part->writer->WriteTable(**combined, slice.num_rows()), part->path);
  part->rows += slice.num_rows();
  if (part->rows == rows_per_part) close_part();
}

void ParquetSink::Impl::close_part() {
  throw_if_failed(part->writer->Close(), part->path);
  const auto bytes = part->stream->Tell();
  throw_if_failed(bytes.status(), part->path);
  throw_if_failed(part->stream->Close(), part->path);
  sync_path(part->path);
  written.push_back({.file = {.name = part->path.filename(), .rows = part->rows, .bytes = *bytes},
                     .metadata = part->writer->metadata()});
  part.reset();
}

void ParquetSink::Impl::verify(const Written& expected) const {
  const std::filesystem::path path = directory / expected.file.name;
  std::string why = "its footer differs from what was written";
  try {
    const auto metadata = parquet::ParquetFileReader::OpenFile(path.string())->metadata();
    if (metadata->num_rows() == expected.file.rows &&
        metadata->schema()->Equals(*expected.metadata->schema()))
      return;
  } catch (const parquet::ParquetException& error) {
    why = error.what();
  }
  throw Error(ErrorKind::kEnvironment,
              fmt::format("{} does not read back as it was written: {}", path.string(), why),
              "check the disk of output_root, and run again");
}

ParquetSink::ParquetSink(std::filesystem::path directory, std::shared_ptr<arrow::Schema> schema,
                         std::int64_t rows_per_part)
    : impl_(std::make_unique<Impl>()) {
  if (rows_per_part < 1)
    throw Error(ErrorKind::kBug, fmt::format("a part of {} rows", rows_per_part));
  impl_->directory = std::move(directory);
  impl_->properties = writer_properties(*schema);
  impl_->schema = std::move(schema);
  impl_->rows_per_part = rows_per_part;
}

ParquetSink::~ParquetSink() = default;

void ParquetSink::write(const arrow::Table& table) {
  if (!table.schema()->Equals(*impl_->schema, /*check_metadata=*/false)) {
    throw Error(ErrorKind::kBug,
                fmt::format("a table does not fit the output: it has {}, not {}",
                            table.schema()->ToString(), impl_->schema->ToString()));
  }
  for (std::int64_t done = 0; done < table.num_rows();) {
    const std::int64_t room =
        impl_->rows_per_part - (impl_->part == nullptr ? 0 : impl_->part->rows);
    const std::int64_t rows = std::min(room, table.num_rows() - done);
    impl_->append(*table.Slice(done, rows));
    done += rows;
  }
}

std::vector<PartFile> ParquetSink::finish() {
  if (impl_->part == nullptr && impl_->written.empty()) impl_->open_part();
  if (impl_->part != nullptr) impl_->close_part();
  sync_path(impl_->directory);
  std::vector<PartFile> files;
  for (const Impl::Written& written : impl_->written) {
    impl_->verify(written);
    files.push_back(written.file);
  }
  return files;
}

}  // namespace daedalus
