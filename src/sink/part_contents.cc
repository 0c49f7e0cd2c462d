#include "sink/part_contents.h"

#include <arrow/io/interfaces.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/column_writer.h>
#include <parquet/exception.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>

#include <utility>
#include <vector>

#include "sink/string_list_writer.h"

namespace daedalus {
namespace {

constexpr std::string_view kMagic = "PAR1";

// Its columns can be written side by side.
class RowGroup final : public parquet::RowGroupWriter::Contents {
 public:
  RowGroup(const std::shared_ptr<arrow::io::OutputStream>& file,
           parquet::RowGroupMetaDataBuilder* metadata, std::int16_t ordinal,
           const parquet::WriterProperties* properties)
      : metadata_(metadata), ordinal_(ordinal) {
    for (int i = 0; i < metadata->num_columns(); ++i) {
      parquet::ColumnChunkMetaDataBuilder* chunk = metadata->NextColumnChunk();
      const auto path = chunk->descr()->path();
      const bool keeps_pages = holds_strings_of_lists(*chunk->descr());
      auto pages = parquet::PageWriter::Open(file, properties->compression(path), chunk, ordinal,
                                             static_cast<std::int16_t>(i),
                                             properties->memory_pool(), !keeps_pages);
      columns_.push_back(keeps_pages
                             ? make_string_list_writer(chunk, std::move(pages), properties)
                             : parquet::ColumnWriter::Make(chunk, std::move(pages), properties));
    }
  }

  [[nodiscard]] int num_columns() const override { return static_cast<int>(columns_.size()); }
  [[nodiscard]] int current_column() const override { return metadata_->current_column(); }
  [[nodiscard]] bool buffered() const override { return true; }
  parquet::ColumnWriter* column(int i) override { return columns_.at(i).get(); }
  parquet::ColumnWriter* NextColumn() override {
    throw parquet::ParquetException("the columns of a part are written side by side");
  }

  [[nodiscard]] std::int64_t num_rows() const override {
    const std::int64_t rows = columns_.empty() ? rows_ : columns_.front()->rows_written();
    for (const auto& column : columns_) {
      if (column->rows_written() != rows)
        throw parquet::ParquetException("the columns of a row group differ in their rows");
    }
    return rows;
  }

  [[nodiscard]] std::int64_t total_bytes_written() const override {
    return sum(&parquet::ColumnWriter::total_bytes_written);
  }
  [[nodiscard]] std::int64_t total_compressed_bytes() const override {
    return sum(&parquet::ColumnWriter::total_compressed_bytes);
  }
  [[nodiscard]] std::int64_t total_compressed_bytes_written() const override {
    return sum(&parquet::ColumnWriter::total_compressed_bytes_written);
  }
  [[nodiscard]] parquet::RowGroupWriter::BufferedStats EstimatedBufferedStats() const override {
    return {.def_level_bytes = sum(&parquet::ColumnWriter::estimated_buffered_def_level_bytes),
            .rep_level_bytes = sum(&parquet::ColumnWriter::estimated_buffered_rep_level_bytes),
            .value_bytes = sum(&parquet::ColumnWriter::estimated_buffered_value_bytes),
            .dict_bytes = sum(&parquet::ColumnWriter::estimated_buffered_dict_bytes)};
  }

  void Close() override {
    if (std::exchange(closed_, true)) return;
    rows_ = num_rows();
    std::int64_t bytes = 0;
    for (auto& column : std::exchange(columns_, {})) {
      bytes += column->Close();
      column.reset();  // what it held is in the file
    }
    metadata_->set_num_rows(rows_);
    metadata_->Finish(bytes, ordinal_);
  }

 private:
  [[nodiscard]] std::int64_t sum(std::int64_t (parquet::ColumnWriter::*bytes)() const) const {
    std::int64_t all = 0;
    for (const auto& column : columns_) all += (column.get()->*bytes)();
    return all;
  }

  parquet::RowGroupMetaDataBuilder* metadata_;
  std::int16_t ordinal_;
  std::vector<std::shared_ptr<parquet::ColumnWriter>> columns_;
  std::int64_t rows_ = 0;
  bool closed_ = false;
};

}  // namespace

PartContents::PartContents(std::shared_ptr<arrow::io::OutputStream> file,
                           std::shared_ptr<parquet::schema::GroupNode> schema,
                           std::shared_ptr<parquet::WriterProperties> properties,
                           std::shared_ptr<const parquet::KeyValueMetadata> key_value_metadata)
    : Contents(std::move(schema), std::move(key_value_metadata)),
      file_(std::move(file)),
      properties_(std::move(properties)),
      metadata_(parquet::FileMetaDataBuilder::Make(&schema_, properties_)) {
  PARQUET_THROW_NOT_OK(file_->Write(kMagic.data(), kMagic.size()));
}

std::int64_t PartContents::open_dictionary_bytes() const {
  return row_group_ == nullptr ? 0 : row_group_->estimated_buffered_stats().dict_bytes;
}

parquet::RowGroupWriter* PartContents::AppendBufferedRowGroup() {
  close_row_group();
  const auto ordinal = static_cast<std::int16_t>(row_groups_++);
  row_group_ = std::make_unique<parquet::RowGroupWriter>(
      std::make_unique<RowGroup>(file_, metadata_->AppendRowGroup(), ordinal, properties_.get()));
  return row_group_.get();
}

parquet::RowGroupWriter* PartContents::AppendRowGroup() {
  throw parquet::ParquetException("the columns of a part are written side by side");
}

void PartContents::close_row_group() {
  if (row_group_ == nullptr) return;
  rows_ += row_group_->num_rows();
  row_group_->Close();
  row_group_.reset();
}

void PartContents::Close() {
  if (!std::exchange(open_, false)) return;
  close_row_group();
  file_metadata_ = metadata_->Finish(key_value_metadata_);
  parquet::WriteFileMetaData(*file_metadata_, file_.get());
}

void PartContents::AddKeyValueMetadata(
    const std::shared_ptr<const parquet::KeyValueMetadata>& key_value_metadata) {
  key_value_metadata_ = key_value_metadata_ == nullptr
                            ? key_value_metadata
                            : key_value_metadata_->Merge(*key_value_metadata);
}

}  // namespace daedalus
