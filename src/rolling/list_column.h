// A list column that grows by runs of elements of other arrays: how the native engine writes, and
// how rows get into another order.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace arrow {
class Array;
class DataType;
class MemoryPool;
using ArrayVector = std::vector<std::shared_ptr<Array>>;
}  // namespace arrow

namespace daedalus {

/// Copies runs of neighbouring elements of its sources to the end of a new array.
class RunCopier {
 public:
  virtual ~RunCopier() = default;
  /// The source of the next runs; the first until it is called.
  virtual void turn_to(std::size_t source) = 0;
  virtual void append(std::int64_t begin, std::int64_t length) = 0;
  /// Bytes appended since the last finish().
  [[nodiscard]] virtual std::int64_t bytes() const = 0;
  /// What was appended, as an array; begins a new one.
  virtual std::shared_ptr<arrow::Array> finish() = 0;
};

/// A copier for `sources`, one or more of one type, which hold no NULL on their own level. Strings
/// are copied by the run: one block of bytes, and their offsets moved; of dictionary arrays with
/// 32-bit indices, which have one dictionary, the indices alone are. Its methods throw
/// Error{kEnvironment} when memory runs out or an array of strings exceeds 2 GiB.
std::unique_ptr<RunCopier> make_run_copier(arrow::ArrayVector sources, arrow::MemoryPool* pool);

/// The same strings as 32-bit indices into a dictionary of distinct ones; threads may share it.
/// Throws Error{kEnvironment} when memory runs out.
std::shared_ptr<arrow::Array> numbered(const std::shared_ptr<arrow::Array>& strings);

/// `lists` with their strings numbered; another array as it is.
std::shared_ptr<arrow::Array> with_numbered_strings(const std::shared_ptr<arrow::Array>& lists);

/// A column of lists, row after row.
class ListColumn {
 public:
  /// `type`: of the column, a list of the elements of `sources`.
  ListColumn(std::shared_ptr<arrow::DataType> type, arrow::ArrayVector sources,
             arrow::MemoryPool* pool);

  /// The source of the next elements; the first until it is called.
  void turn_to(std::size_t source) { elements_->turn_to(source); }
  /// Adds elements [begin, begin + length) of the source to the present row.
  void append(std::int64_t begin, std::int64_t length) {
    elements_->append(begin, length);
    elements_in_row_ += length;
  }
  /// The present row is complete.
  void end_row();
  [[nodiscard]] std::int64_t bytes() const { return elements_->bytes(); }
  /// The complete rows; begins a new column.
  std::shared_ptr<arrow::Array> finish();

 private:
  std::shared_ptr<arrow::DataType> type_;
  std::unique_ptr<RunCopier> elements_;
  std::vector<std::int32_t> offsets_{0};
  std::int64_t elements_in_row_ = 0;
};

}  // namespace daedalus
