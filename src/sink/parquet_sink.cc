#include "sink/parquet_sink.h"

#include <arrow/api.h>
#include <arrow/ipc/writer.h>
#include <arrow/util/base64.h>
#include <arrow/util/key_value_metadata.h>
#include <arrow/util/thread_pool.h>
#include <fmt/format.h>
#include <parquet/arrow/schema.h>
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
#include "sink/part_contents.h"

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
constexpr std::int64_t kGroupDictionaryBytes = std::int64_t{64} << 20;

// Each column has a page open, and there are many columns: a quarter of the usual MiB takes an
// eighth less memory in all; and room on disk, where rows repeat long lists most: 2 to 9 % more.
constexpr std::int64_t kPageBytes = std::int64_t{256} << 10;

void throw_if_failed(const arrow::Status& status, const std::filesystem::path& path) {
  if (status.ok()) return;
  if (status.IsTypeError()) throw Error(ErrorKind::kBug, status.ToString());
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
// 962) and what the rows are ordered by (qid 35 to 143, user_id 119 to 154). Arrow's swells lists
// of strings; theirs is of another kind: sink/string_list_writer.h.
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

// The type as readers see it, where lists of strings come as dictionary arrays.
std::shared_ptr<arrow::DataType> written_type(const std::shared_ptr<arrow::DataType>& type) {
  if (type->id() != arrow::Type::LIST) return type;
  const auto& element = type->field(0);
  if (element->type()->id() != arrow::Type::DICTIONARY) return type;
  const auto& entries = static_cast<const arrow::DictionaryType&>(*element->type()).value_type();
  return arrow::list(element->WithType(entries));
}

std::shared_ptr<arrow::Schema> written_schema(const arrow::Schema& schema) {
  arrow::FieldVector fields;
  for (const auto& field : schema.fields())
    fields.push_back(field->WithType(written_type(field->type())));
  return arrow::schema(std::move(fields));
}

// Some types have no place in Parquet, such as INTERVAL as Arrow has it.
void require_types_of_parquet(const arrow::Schema& schema,
                              const parquet::WriterProperties& properties) {
  for (const auto& field : schema.fields()) {
    std::shared_ptr<parquet::SchemaDescriptor> column;
    const auto made =
        parquet::arrow::ToParquetSchema(arrow::schema({field}).get(), properties, &column);
    if (!made.IsNotImplemented()) continue;
    throw Error(ErrorKind::kInput,
                fmt::format("the output column '{}' is of a type that Parquet does not hold: {}",
                            field->name(), field->type()->ToString()),
                "give it a `type` in output_columns, such as VARCHAR");
  }
}

// The schema as Arrow's readers look for it in a Parquet file.
std::shared_ptr<const arrow::KeyValueMetadata> arrow_schema_metadata(const arrow::Schema& schema) {
  PARQUET_ASSIGN_OR_THROW(const auto serialized, arrow::ipc::SerializeSchema(schema));
  return arrow::key_value_metadata({"ARROW:schema"},
                                   {arrow::util::base64_encode(std::string_view(*serialized))});
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
    PartContents* contents = nullptr;  // the writer's
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
  std::shared_ptr<arrow::Schema> schema;          // of the tables that come
  std::shared_ptr<arrow::Schema> written_schema;  // of the parts
  std::int64_t rows_per_part = 0;
  std::shared_ptr<parquet::WriterProperties> properties;
  std::shared_ptr<arrow::internal::ThreadPool> threads;
  std::shared_ptr<arrow::Table> ahead;  // rows that may be part of a larger slice
  std::unique_ptr<Part> part;
  std::vector<Written> written;

  void open_part();
  arrow::Status open_writer(Part& next) const;
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
  throw_if_failed(open_writer(*next), next->path);
  part = std::move(next);
  fault_point("sink.part_opened");
}

arrow::Status ParquetSink::Impl::open_writer(Part& next) const {
  const auto arrow_properties = parquet::ArrowWriterProperties::Builder()
                                    .set_use_threads(true)
                                    ->set_executor(threads.get())
                                    ->build();
  std::shared_ptr<parquet::SchemaDescriptor> columns;
  ARROW_RETURN_NOT_OK(parquet::arrow::ToParquetSchema(written_schema.get(), *properties,
                                                      *arrow_properties, &columns));
  auto file = std::make_unique<parquet::ParquetFileWriter>();
  BEGIN_PARQUET_CATCH_EXCEPTIONS
  auto contents = std::make_unique<PartContents>(
      next.stream, std::static_pointer_cast<parquet::schema::GroupNode>(columns->schema_root()),
      properties, arrow_schema_metadata(*written_schema));
  next.contents = contents.get();
  file->Open(std::move(contents));
  END_PARQUET_CATCH_EXCEPTIONS
  return parquet::arrow::FileWriter::Make(page_pool(), std::move(file), written_schema,
                                          arrow_properties, &next.writer);
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
  if (part->group_rows >= kGroupRows || part->group_elements >= kGroupElements ||
      part->contents->open_dictionary_bytes() >= kGroupDictionaryBytes) {
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
  const std::unique_ptr<Part> closed = std::move(part);  // also where it fails
  throw_if_failed(closed->writer->Close(), closed->path);
  const auto bytes = closed->stream->Tell();
  throw_if_failed(bytes.status(), closed->path);
  throw_if_failed(closed->stream->Close(), closed->path);
  sync_path(closed->path);
  fault_point("sink.part_synced");
  written.push_back({.file = {.name = closed->path.filename(),
                              .rows = closed->rows,
                              .bytes = *bytes,
                              .checksum = checksum_text(closed->stream->checksum())},
                     .metadata = closed->writer->metadata()});
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
  impl_->written_schema = written_schema(*schema);
  impl_->properties = writer_properties(*impl_->written_schema);
  require_types_of_parquet(*impl_->written_schema, *impl_->properties);
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
