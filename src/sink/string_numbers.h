// The dictionary of a column chunk of strings.
#pragma once

#include <arrow/api.h>
#include <arrow/array/builder_dict.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace daedalus {

/// Distinct strings, numbered 0, 1, 2, … by their first appearance. As long as all come from one
/// dictionary, whose entries are distinct themselves, none has to be looked up. Its methods throw
/// parquet::ParquetException where memory runs out.
class StringNumbers {
 public:
  explicit StringNumbers(arrow::MemoryPool* pool) : known_(pool, arrow::binary()) {}

  /// The number of a string.
  std::int32_t of(std::string_view text);

  /// From here on of_entry() means the entries of `dictionary`.
  void turn_to(const arrow::BinaryArray& dictionary);

  /// The number of an entry of the dictionary.
  std::int32_t of_entry(std::int32_t entry) {
    std::int32_t& number = number_of_entry_[static_cast<std::size_t>(entry)];
    if (number == kNoNumber) number = first_use(entry);
    return number;
  }

  /// How many strings have a number.
  [[nodiscard]] std::int32_t size() const {
    return used_.empty() ? known_.size() : static_cast<std::int32_t>(used_.size());
  }

  /// Bytes of memory that the strings take, at most; it depends on these alone.
  [[nodiscard]] std::int64_t memory() const;

  /// All strings by number, as a Parquet page has them plain: each behind its length.
  [[nodiscard]] std::shared_ptr<arrow::Buffer> plain(arrow::MemoryPool* pool);

 private:
  static constexpr std::int32_t kNoNumber = -1;

  std::int32_t first_use(std::int32_t entry);
  std::int32_t look_up(std::string_view text);
  void look_up_used();

  // The dictionary that the last strings came from, and the numbers of its entries.
  std::shared_ptr<arrow::BinaryArray> entries_;
  std::vector<std::int32_t> number_of_entry_;
  std::vector<std::int32_t> used_;  // entries by number, while all strings are of one dictionary
  arrow::internal::DictionaryMemoTable known_;  // all strings otherwise
  std::int64_t bytes_ = 0;                      // of plain()
};

}  // namespace daedalus
