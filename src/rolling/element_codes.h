// Numbers for the elements of an array, so that "equal" costs one comparison.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace arrow {
class Array;
}

namespace daedalus {

/// Numbers 0, 1, 2, … of the distinct elements of an array without NULLs, in the order of their
/// first appearance. Equal means equal to DuckDB: integers of any width by their value, NaN to NaN,
/// -0.0 to 0.0, nested values element by element, a NULL inside one to a NULL; strings in a
/// dictionary to these strings.
class ElementCodes {
 public:
  ElementCodes() = default;
  explicit ElementCodes(std::shared_ptr<arrow::Array> values);

  /// Of each element.
  [[nodiscard]] const std::vector<std::int32_t>& codes() const { return codes_; }

  /// How many distinct ones there are.
  [[nodiscard]] std::size_t size() const { return code_of_.size(); }

  /// The code of element `index` of another array of the same type (integers: of any width); -1
  /// when it is none of ours, or NULL.
  [[nodiscard]] std::int32_t find(const arrow::Array& array, std::int64_t index) const;

 private:
  struct Hash {
    std::size_t operator()(std::string_view bytes) const;
  };

  using Codes = std::unordered_map<std::string_view, std::int32_t, Hash>;

  void number_entries();
  Codes::iterator add(std::string_view key, const std::string& scratch);

  std::shared_ptr<arrow::Array> values_;            // the keys of strings point into it
  std::vector<std::unique_ptr<std::string>> keys_;  // those of other types
  Codes code_of_;
  std::vector<std::int32_t>
      code_of_entry_;  // of the values' dictionary, if they have one; -1: none
  std::vector<std::int32_t> codes_;
};

}  // namespace daedalus
