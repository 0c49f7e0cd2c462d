// The column chunks of a part file, and where they stand in it.
#pragma once

#include <arrow/io/type_fwd.h>
#include <parquet/file_writer.h>

#include <cstdint>
#include <memory>

namespace daedalus {

/// What a Parquet file holds, as Arrow's writer asks for it: row groups that are kept in memory
/// until they are closed, whose columns are Arrow's, but for strings of lists
/// (sink/string_list_writer.h). No encryption, page indexes, checksums of pages or options of
/// codecs.
class PartContents final : public parquet::ParquetFileWriter::Contents {
 public:
  /// Writes the first bytes of the file. Throws parquet::ParquetException, as all methods.
  PartContents(std::shared_ptr<arrow::io::OutputStream> file,
               std::shared_ptr<parquet::schema::GroupNode> schema,
               std::shared_ptr<parquet::WriterProperties> properties,
               std::shared_ptr<const parquet::KeyValueMetadata> key_value_metadata);

  /// Bytes of memory that the dictionaries of the open row group take, at most.
  [[nodiscard]] std::int64_t open_dictionary_bytes() const;

  void Close() override;
  parquet::RowGroupWriter* AppendRowGroup() override;
  parquet::RowGroupWriter* AppendBufferedRowGroup() override;
  [[nodiscard]] std::int64_t num_rows() const override { return rows_; }
  [[nodiscard]] int num_columns() const override { return schema_.num_columns(); }
  [[nodiscard]] int num_row_groups() const override { return row_groups_; }
  [[nodiscard]] const std::shared_ptr<parquet::WriterProperties>& properties() const override {
    return properties_;
  }
  void AddKeyValueMetadata(
      const std::shared_ptr<const parquet::KeyValueMetadata>& key_value_metadata) override;

 private:
  void close_row_group();

  std::shared_ptr<arrow::io::OutputStream> file_;
  std::shared_ptr<parquet::WriterProperties> properties_;
  std::unique_ptr<parquet::FileMetaDataBuilder> metadata_;
  std::unique_ptr<parquet::RowGroupWriter> row_group_;
  std::int64_t rows_ = 0;
  int row_groups_ = 0;
  bool open_ = true;
};

}  // namespace daedalus
