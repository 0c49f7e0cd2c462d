// One object of a JSON source: the shapes of its values, and the values as text.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/text_shape.h"

namespace daedalus {

/// What records of a JSON source hold. Merging is commutative.
struct JsonShapes {
  std::map<std::string, TextShape> columns;  ///< Of the wanted keys, as the records spell them.
  std::set<std::string> names;  ///< Keys of the records, kMostNames at most: for messages.
  static constexpr std::size_t kMostNames = 1000;

  void merge(const JsonShapes& other);
  [[nodiscard]] std::string to_json() const;
  static JsonShapes from_json(const std::string& text);
};

/// Adds what `record` holds: of each of the keys `wanted` (lower case; the record's own may differ
/// in ASCII case) the shape of its value. Returns what is wrong with it: it is no JSON object, or
/// has a key twice; empty when it is fine.
std::string add_json_record(std::string_view record, const std::set<std::string>& wanted,
                            JsonShapes& shapes);

/// The values of `keys` (exact) in `record` as text: strings as they are, numbers as written, true
/// and false, lists and objects as compact JSON; absent for null and for keys that aren't there.
/// Within lists and objects of the keys in `quoted`, numbers become strings, so that what reads
/// them sees them as written. Throws std::invalid_argument for what is no JSON object.
std::vector<std::optional<std::string>> json_texts(std::string_view record,
                                                   const std::vector<std::string>& keys,
                                                   const std::vector<bool>& quoted);

}  // namespace daedalus
