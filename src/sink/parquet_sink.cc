#include "sink/parquet_sink.h"

#include <arrow/api.h>
#include <arrow/util/thread_pool.h>
#include <fmt/format.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <algorithm>
#include <limits>
#include <ranges>
#include <utility>

#include "base/advice.h"
#include "base/fault_point.h"
#include "daedalus/error.h"
#include "sink/checked_stream.h"
#include "sink/file.h"

namespace daedalus {
namespace {

// Neither a version nor a date: a file's bytes change only when its rows do.
constexpr const char* kCreatedBy = "daedalus";

// A slice of rows is encoded at once: the peak of memory depends on it. Pages end where slices do,
// so they are cut by what the rows hold alone: fewer than kSliceRows when their lists are long.
constexpr std::int64_t kSliceElements = std::int64_t{4} << 20;

// A row group is closed by the slice that reaches one of these.
constexpr std::int64_t kGroupRows = 65'536;
constexpr std::int64_t kGroupElements = std::int64_t{32} << 20;

// Each column has a page open, and there are many columns: a quarter of the usual MiB takes an
// eighth less memory in all; and room on disk, where rows repeat long lists most: 2 to 9 % more.
constexpr std::int64_t kPageBytes = std::int64_t{256} << 10;

void throw_if_failed(const arrow::Status& status, const std::filesystem::path& path) {
  if (status.ok()) return;
  // CapacityError, Invalid: 32-bit list and string offsets are full, which takes gigabytes in one
  // column.
  const bool too_big = status.IsCapacityError() || status.IsInvalid();
  throw Error(ErrorKind::kEnvironment,
              fmt::format("can't write {}: {}", path.string(), status.ToString()),
              too_big ? "lower entity_spine_chunk_rows"
              : status.ToString().find("Too many open files") != std::string::npos
                  ? kRaiseFileLimit
                  : "free some disk space or memory, or set output_root to another disk");
}

std::string checksum_text(std::uint64_t checksum) { return fmt::format("xxh3:{:016x}", checksum); }

// Measured in kB over 100,000 rows by user and time. A dictionary shrinks names, item ids and small
// numbers (event 52 to 17, artwork_id 309 to 190) and swells times and floats (584 to 779, 768 to
// 962) and what the rows are ordered by (qid 35 to 143, user_id 119 to 154). Lists, in MB over
// 70 million elements: 22 to 59.
bool takes_dictionary(const arrow::DataType& type) {
  return arrow::is_base_binary_like(type.id()) ||
         (arrow::is_integer(type.id()) && type.bit_width() <= 32);
}

// Memory for pages. Of Arrow's pools, jemalloc keeps what is freed for the next page; the default
// one gives it back, and memory fresh from the system is cleared first: a tenth of the time of
// writing.
arrow::MemoryPool* page_pool() {
  arrow::MemoryPool* pool = nullptr;
  return arrow::jemalloc_memory_pool(&pool).ok() ? pool : arrow::default_memory_pool();
}

std::shared_ptr<parquet::WriterProperties> writer_properties(const arrow::Schema& schema) {
  parquet::WriterProperties::Builder builder;
  builder.memory_pool(page_pool())
      ->created_by(kCreatedBy)
      ->compression(parquet::Compression::ZSTD)
      ->max_row_group_length(std::numeric_limits<std::int64_t>::max())
      ->set_size_statistics_level(parquet::SizeStatisticsLevel::None)
      ->data_pagesize(kPageBytes)
      ->disable_dictionary();
  for (const auto& field : schema.fields()) {
    if (takes_dictionary(*field->type())) builder.enable_dictionary(field->name());
    // Nobody looks for the least of all elements of a column's lists, and finding it takes a tenth
    // of the time of writing.
    if (field->type()->id() == arrow::Type::LIST)
      builder.disable_statistics(field->name() + ".list.element");
  }
  return builder.build();
}

// Elements of all list columns in the first `rows` rows of `table`, whose columns are of one chunk.
std::int64_t list_elements(const arrow::Table& table, std::int64_t rows) {
  std::int64_t elements = 0;
  for (const auto& column : table.columns()) {
    if (column->type()->id() != arrow::Type::LIST) continue;
    const auto& lists = static_cast<const arrow::ListArray&>(*column->chunk(0));
    elements += lists.value_offset(rows) - lists.value_offset(0);
  }
  return elements;
}

}  // namespace

struct ParquetSink::Impl {
  struct Part {
    std::filesystem::path path;
    std::shared_ptr<CheckedStream> stream;
    std::unique_ptr<parquet::arrow::FileWriter> writer;
    std::int64_t rows = 0;
    std::int64_t group_rows = 0;  // of the row group that is open, if it has any
    std::int64_t group_elements = 0;
  };
  struct Written {
    PartFile file;
    std::shared_ptr<parquet::FileMetaData> metadata;
  };

  std::filesystem::path directory;
  std::shared_ptr<arrow::Schema> schema;
  std::int64_t rows_per_part = 0;
  std::shared_ptr<parquet::WriterProperties> properties;
  std::shared_ptr<arrow::internal::ThreadPool> threads;
  std::shared_ptr<arrow::Table> ahead;  // rows that may be part of a larger slice
  std::unique_ptr<Part> part;
  std::vector<Written> written;

  void open_part();
  [[nodiscard]] std::int64_t slice_room() const;
  [[nodiscard]] std::int64_t next_slice() const;
  void append(const arrow::Table& slice);
  void close_part();
  void verify(const Written& expected) const;
};

void ParquetSink::Impl::open_part() {
  const std::string name = fmt::format("part-{}-0.parquet", written.size());
  auto next = std::make_unique<Part>();
  next->path = directory / name;
  auto stream = CheckedStream::open(next->path);
  throw_if_failed(stream.status(), next->path);
  next->stream = *stream;
  const auto arrow_properties = parquet::ArrowWriterProperties::Builder()
                                    .store_schema()
                                    ->set_use_threads(true)
                                    ->set_executor(threads.get())
                                    ->build();
  auto writer = parquet::arrow::FileWriter::Open(*schema, page_pool(), next->stream, properties,
                                                 arrow_properties);
  throw_if_failed(writer.status(), next->path);
  next->writer = std::move(*writer);
  part = std::move(next);
  fault_point("sink.part_opened");
}

// The most rows that the next slice may have.
std::int64_t ParquetSink::Impl::slice_room() const {
  return std::min(kSliceRows, rows_per_part - (part == nullptr ? 0 : part->rows));
}

// The rows of `ahead` that are encoded together, whatever comes after them; 0 when that is open.
std::int64_t ParquetSink::Impl::next_slice() const {
  const std::int64_t most = std::min(slice_room(), ahead->num_rows());
  if (most == 0) return 0;
  std::int64_t rows = most;
  if (list_elements(*ahead, most) > kSliceElements) {
    const auto candidates = std::views::iota(std::int64_t{1}, most);
    rows = *std::ranges::partition_point(candidates, [&](std::int64_t count) {
      return list_elements(*ahead, count + 1) <= kSliceElements;
    });
  }
  return rows == ahead->num_rows() && rows < slice_room() ? 0 : rows;
}

void ParquetSink::Impl::append(const arrow::Table& slice) {
  if (part == nullptr) open_part();
  if (part->group_rows >= kGroupRows || part->group_elements >= kGroupElements) {
    part->group_rows = part->group_elements = 0;
  }
  if (part->group_rows == 0) throw_if_failed(part->writer->NewBufferedRowGroup(), part->path);
  const auto batch = slice.CombineChunksToBatch();
  throw_if_failed(batch.status(), part->path);
  throw_if_failed(part->writer->WriteRecordBatch(**batch), part->path);
  part->rows += slice.num_rows();
  part->group_rows += slice.num_rows();
  part->group_elements += list_elements(slice, slice.num_rows());
  if (part->rows == rows_per_part) close_part();
}

void ParquetSink::Impl::close_part() {
  throw_if_failed(part->writer->Close(), part->path);
  const auto bytes = part->stream->Tell();
  throw_if_failed(bytes.status(), part->path);
  throw_if_failed(part->stream->Close(), part->path);
  sync_path(part->path);
  fault_point("sink.part_synced");
  written.push_back({.file = {.name = part->path.filename(),
                              .rows = part->rows,
                              .bytes = *bytes,
                              .checksum = checksum_text(part->stream->checksum())},
                     .metadata = part->writer->metadata()});
  part.reset();
}

void ParquetSink::Impl::verify(const Written& expected) const {
  const std::filesystem::path path = directory / expected.file.name;
  std::string why = "its footer differs from what was written";
  try {
    const auto metadata = parquet::ParquetFileReader::OpenFile(path.string())->metadata();
    const bool same_footer = metadata->num_rows() == expected.file.rows &&
                             metadata->schema()->Equals(*expected.metadata->schema());
    if (same_footer && checksum_text(checksum_of_file(path)) == expected.file.checksum) return;
    if (same_footer) why = "its checksum differs from that of what was written";
  } catch (const parquet::ParquetException& error) {
    why = error.what();
  }
  throw Error(ErrorKind::kEnvironment,
              fmt::format("{} does not read back as it was written: {}", path.string(), why),
              kCheckDisk);
}

ParquetSink::ParquetSink(std::filesystem::path directory, std::shared_ptr<arrow::Schema> schema,
                         std::int64_t rows_per_part, int threads)
    : impl_(std::make_unique<Impl>()) {
  if (rows_per_part < 1)
    throw Error(ErrorKind::kBug, fmt::format("a part of {} rows", rows_per_part));
  auto pool = arrow::internal::ThreadPool::Make(threads);
  throw_if_failed(pool.status(), directory);
  impl_->threads = std::move(*pool);
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
  if (table.num_rows() == 0) return;
  std::vector<std::shared_ptr<arrow::Table>> both{table.Slice(0)};
  if (impl_->ahead != nullptr) both.insert(both.begin(), impl_->ahead);
  const auto joined = arrow::ConcatenateTables(both);
  throw_if_failed(joined.status(), impl_->directory);
  const auto combined = (*joined)->CombineChunks();
  throw_if_failed(combined.status(), impl_->directory);
  impl_->ahead = *combined;
  while (const std::int64_t rows = impl_->next_slice()) {
    impl_->append(*impl_->ahead->Slice(0, rows));
    impl_->ahead = impl_->ahead->Slice(rows);
  }
  if (impl_->ahead->num_rows() == 0) impl_->ahead.reset();
}

std::vector<PartFile> ParquetSink::finish() {
  if (impl_->ahead != nullptr) impl_->append(*impl_->ahead);
  if (impl_->part == nullptr && impl_->written.empty()) impl_->open_part();
  if (impl_->part != nullptr) impl_->close_part();
  sync_path(impl_->directory);
  fault_point("sink.parts_synced");
  std::vector<PartFile> files;
  for (const Impl::Written& written : impl_->written) {
    impl_->verify(written);
    files.push_back(written.file);
  }
  return files;
}

}  // namespace daedalus
