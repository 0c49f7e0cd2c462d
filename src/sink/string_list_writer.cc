#include "sink/string_list_writer.h"

#include <arrow/api.h>
#include <parquet/column_page.h>
#include <parquet/exception.h>
#include <parquet/level_conversion.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include <algorithm>
#include <limits>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "sink/page_encoding.h"
#include "sink/string_numbers.h"

namespace daedalus {
namespace {

using parquet::Encoding;

// A page ends with the row that reaches this many levels, of which each element has one.
constexpr std::size_t kPageLevels = 32'768;

class StringListWriter final : public parquet::ColumnWriter {
 public:
  StringListWriter(parquet::ColumnChunkMetaDataBuilder* metadata,
                   std::unique_ptr<parquet::PageWriter> pages,
                   const parquet::WriterProperties* properties)
      : metadata_(metadata),
        pages_(std::move(pages)),
        properties_(properties),
        pool_(properties->memory_pool()),
        has_leaf_(parquet::internal::LevelInfo::ComputeLevelInfo(metadata->descr())
                      .repeated_ancestor_def_level),
        strings_(pool_),
        def_levels_(metadata->descr()->max_definition_level()),
        rep_levels_(metadata->descr()->max_repetition_level()) {}

  arrow::Status WriteArrow(const std::int16_t* def_levels, const std::int16_t* rep_levels,
                           std::int64_t num_levels, const arrow::Array& leaves,
                           parquet::ArrowWriteContext* /*context*/,
                           bool /*leaves_are_nullable*/) override {
    is_whole_ = false;
    // On a thread of a pool, which an exception would end together with the process.
    try {
      PARQUET_CATCH_NOT_OK(write(def_levels, rep_levels, num_levels, leaves));
    } catch (const std::bad_alloc&) {
      return arrow::Status::OutOfMemory("no memory for a page of ", name());
    }
    is_whole_ = true;
    return arrow::Status::OK();
  }

  std::int64_t Close() override {
    if (std::exchange(closed_, true)) return bytes_written_;
    if (!is_whole_) throw parquet::ParquetException(name(), " was not written to its end");
    if (rep_levels_.size() > 0) end_page();
    bytes_written_ += pages_->WriteDictionaryPage(parquet::DictionaryPage(
        strings_.plain(pool_), strings_.size(), properties_->dictionary_page_encoding()));
    for (const parquet::DataPageV1& page : ready_) bytes_written_ += pages_->WriteDataPage(page);
    pages_->Close(/*has_dictionary=*/true, /*fallback=*/false);
    return bytes_written_;
  }

  [[nodiscard]] parquet::Type::type type() const override { return descr()->physical_type(); }
  [[nodiscard]] const parquet::ColumnDescriptor* descr() const override {
    return metadata_->descr();
  }
  [[nodiscard]] std::int64_t rows_written() const override { return rows_; }
  [[nodiscard]] std::int64_t total_compressed_bytes() const override { return ready_bytes_; }
  [[nodiscard]] std::int64_t total_bytes_written() const override { return bytes_written_; }
  [[nodiscard]] std::int64_t total_compressed_bytes_written() const override {
    return pages_->total_compressed_bytes_written();
  }
  [[nodiscard]] std::int64_t estimated_buffered_value_bytes() const override {
    return static_cast<std::int64_t>(numbers_.size() * sizeof(std::int32_t));
  }
  [[nodiscard]] std::int64_t estimated_buffered_def_level_bytes() const override {
    return static_cast<std::int64_t>(def_levels_.size() * sizeof(std::int16_t));
  }
  [[nodiscard]] std::int64_t estimated_buffered_rep_level_bytes() const override {
    return static_cast<std::int64_t>(rep_levels_.size() * sizeof(std::int16_t));
  }
  [[nodiscard]] std::int64_t estimated_buffered_dict_bytes() const override {
    return strings_.memory();
  }
  const parquet::WriterProperties* properties() override { return properties_; }
  void AddKeyValueMetadata(
      const std::shared_ptr<const arrow::KeyValueMetadata>& key_value_metadata) override {
    metadata_->SetKeyValueMetadata(key_value_metadata);
  }
  void ResetKeyValueMetadata() override { metadata_->SetKeyValueMetadata(nullptr); }

 private:
  void write(const std::int16_t* def_levels, const std::int16_t* rep_levels, std::int64_t count,
             const arrow::Array& leaves) {
    std::int64_t leaf = 0;
    for (std::int64_t begin = 0; begin < count;) {
      const std::int64_t end = end_of_page(rep_levels, begin, count);
      def_levels_.append(def_levels + begin, def_levels + end);
      rep_levels_.append(rep_levels + begin, rep_levels + end);
      for (std::int64_t i = begin; i < end; ++i) rows_ += rep_levels[i] == 0 ? 1 : 0;
      leaf = add_numbers(def_levels + begin, def_levels + end, leaves, leaf);
      if (rep_levels_.size() >= kPageLevels) end_page();
      begin = end;
    }
  }

  // The end of the levels from `begin` that go into the present page: pages hold whole rows.
  [[nodiscard]] std::int64_t end_of_page(const std::int16_t* rep_levels, std::int64_t begin,
                                         std::int64_t count) const {
    const auto room = static_cast<std::int64_t>(kPageLevels - rep_levels_.size());
    if (count - begin <= room) return count;
    return std::find(rep_levels + begin + room, rep_levels + count, 0) - rep_levels;
  }

  // Adds the numbers of the strings at these levels, the first of which may be that of `leaf`;
  // gives the leaf after them.
  std::int64_t add_numbers(const std::int16_t* begin, const std::int16_t* end,
                           const arrow::Array& leaves, std::int64_t leaf) {
    if (leaves.type_id() == arrow::Type::DICTIONARY) {
      const auto& encoded = static_cast<const arrow::DictionaryArray&>(leaves);
      const auto& entries = static_cast<const arrow::BinaryArray&>(*encoded.dictionary());
      if (!arrow::is_binary_like(entries.type_id())) refuse(leaves);
      strings_.turn_to(entries);
      if (encoded.indices()->type_id() != arrow::Type::INT32) {
        return add_numbers(begin, end, leaf, [&](std::int64_t i) {
          return strings_.of_entry(static_cast<std::int32_t>(encoded.GetValueIndex(i)));
        });
      }
      const std::int32_t* entry =
          static_cast<const arrow::Int32Array&>(*encoded.indices()).raw_values();
      return add_numbers(begin, end, leaf,
                         [&](std::int64_t i) { return strings_.of_entry(entry[i]); });
    }
    if (!arrow::is_binary_like(leaves.type_id())) refuse(leaves);
    const auto& texts = static_cast<const arrow::BinaryArray&>(leaves);
    return add_numbers(begin, end, leaf,
                       [&](std::int64_t i) { return strings_.of(texts.GetView(i)); });
  }

  template <typename NumberOf>
  std::int64_t add_numbers(const std::int16_t* begin, const std::int16_t* end, std::int64_t leaf,
                           NumberOf number_of) {
    const std::int16_t is_string = descr()->max_definition_level();
    visit_runs(begin, end, [&](std::int16_t level, std::int64_t length) {
      if (level == is_string) {
        const std::size_t first = numbers_.size();
        numbers_.resize(first + static_cast<std::size_t>(length));
        std::int32_t* const numbers = numbers_.data() + first;
        for (std::int64_t i = 0; i < length; ++i) numbers[i] = number_of(leaf + i);
      }
      if (level >= has_leaf_) leaf += length;
    });
    return leaf;
  }

  [[noreturn]] void refuse(const arrow::Array& leaves) const {
    throw parquet::ParquetStatusException(arrow::Status::TypeError(
        name(), " holds strings of lists and can't hold ", leaves.type()->ToString()));
  }

  void end_page() {
    const std::size_t levels = rep_levels_.size();
    const std::size_t width = bytes_for(strings_.size());
    const std::int64_t room =
        rep_levels_.room() + def_levels_.room() + room_for_numbers(numbers_.size(), width);
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    if (room > kMost || static_cast<std::int64_t>(levels) > kMost)
      throw parquet::ParquetStatusException(
          arrow::Status::CapacityError("a row of ", name(), " has more elements than a page can"));
    PARQUET_THROW_NOT_OK(page_->Resize(room, /*shrink_to_fit=*/false));
    std::uint8_t* end = rep_levels_.write(page_->mutable_data());
    end = def_levels_.write(end);
    end = write_numbers(numbers_, width, end);
    const std::int64_t bytes = end - page_->mutable_data();
    PARQUET_THROW_NOT_OK(page_->Resize(bytes, /*shrink_to_fit=*/false));
    const arrow::ResizableBuffer* body = page_.get();
    if (pages_->has_compressor()) {
      pages_->Compress(*page_, compressed_.get());
      body = compressed_.get();
    }
    PARQUET_ASSIGN_OR_THROW(auto kept, body->CopySlice(0, body->size(), pool_));
    ready_bytes_ += kept->size();
    ready_.emplace_back(kept, static_cast<std::int32_t>(levels),
                        properties_->dictionary_index_encoding(), Encoding::RLE, Encoding::RLE,
                        bytes);
    def_levels_.clear();
    rep_levels_.clear();
    numbers_.clear();
  }

  [[nodiscard]] std::string name() const { return descr()->path()->ToDotString(); }

  static std::shared_ptr<arrow::ResizableBuffer> empty_buffer(arrow::MemoryPool* pool) {
    PARQUET_ASSIGN_OR_THROW(std::shared_ptr<arrow::ResizableBuffer> buffer,
                            arrow::AllocateResizableBuffer(0, pool));
    return buffer;
  }

  parquet::ColumnChunkMetaDataBuilder* metadata_;
  std::unique_ptr<parquet::PageWriter> pages_;
  const parquet::WriterProperties* properties_;
  arrow::MemoryPool* pool_;
  std::int16_t has_leaf_;  // the least level of what has a place among the leaves, NULL or not
  StringNumbers strings_;

  // The present page.
  PageLevels def_levels_;
  PageLevels rep_levels_;
  std::vector<std::int32_t> numbers_;

  // Scratch: a page before and after compression.
  std::shared_ptr<arrow::ResizableBuffer> page_ = empty_buffer(pool_);
  std::shared_ptr<arrow::ResizableBuffer> compressed_ = empty_buffer(pool_);

  std::vector<parquet::DataPageV1> ready_;  // they follow the dictionary, which is not yet whole
  std::int64_t ready_bytes_ = 0;
  std::int64_t rows_ = 0;
  std::int64_t bytes_written_ = 0;
  bool is_whole_ = true;  // all that came was written
  bool closed_ = false;
};

}  // namespace

std::shared_ptr<parquet::ColumnWriter> make_string_list_writer(
    parquet::ColumnChunkMetaDataBuilder* metadata, std::unique_ptr<parquet::PageWriter> pages,
    const parquet::WriterProperties* properties) {
  return std::make_shared<StringListWriter>(metadata, std::move(pages), properties);
}

bool holds_strings_of_lists(const parquet::ColumnDescriptor& column) {
  return column.physical_type() == parquet::Type::BYTE_ARRAY && column.max_repetition_level() > 0;
}

}  // namespace daedalus
