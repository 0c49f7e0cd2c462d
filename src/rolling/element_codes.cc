#include "rolling/element_codes.h"

#define XXH_INLINE_ALL
#include <arrow/api.h>
#include <xxhash.h>

#include <cmath>
#include <cstring>

#include "daedalus/error.h"

namespace daedalus {
namespace {

using arrow::Array;
using arrow::Type;

template <typename T>
void append_bytes(const T& value, std::string& key) {
  key.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename ArrayType>
void append_integer(const Array& array, std::int64_t index, std::string& key) {
  const auto value = static_cast<const ArrayType&>(array).Value(index);
  append_bytes(static_cast<std::uint64_t>(value), key);
  key.push_back(value < 0 ? '-' : '+');
}

template <typename ArrayType>
void append_float(const Array& array, std::int64_t index, std::string& key) {
  auto value = static_cast<const ArrayType&>(array).Value(index);
  if (value == 0) value = 0;  // -0.0 equals 0.0
  if (std::isnan(value)) value = std::numeric_limits<decltype(value)>::quiet_NaN();
  append_bytes(value, key);
}

void append_key(const Array& array, std::int64_t index, std::string& key);

template <typename ListType>
void append_list(const Array& array, std::int64_t index, std::string& key) {
  const auto& list = static_cast<const ListType&>(array);
  append_bytes(static_cast<std::int64_t>(list.value_length(index)), key);
  for (std::int64_t i = 0; i < list.value_length(index); ++i)
    append_key(*list.values(), list.value_offset(index) + i, key);
}

void append_struct(const Array& array, std::int64_t index, std::string& key) {
  const auto& fields = static_cast<const arrow::StructArray&>(array);
  for (int i = 0; i < fields.num_fields(); ++i) append_key(*fields.field(i), index, key);
}

// Appends bytes that are equal exactly when the elements are, and that no others begin with.
void append_key(const Array& array, std::int64_t index, std::string& key) {
  key.push_back(array.IsNull(index) ? 0 : 1);
  if (array.IsNull(index)) return;
  switch (array.type_id()) {
    case Type::INT8:
      return append_integer<arrow::Int8Array>(array, index, key);
    case Type::INT16:
      return append_integer<arrow::Int16Array>(array, index, key);
    case Type::INT32:
      return append_integer<arrow::Int32Array>(array, index, key);
    case Type::INT64:
      return append_integer<arrow::Int64Array>(array, index, key);
    case Type::UINT8:
      return append_integer<arrow::UInt8Array>(array, index, key);
    case Type::UINT16:
      return append_integer<arrow::UInt16Array>(array, index, key);
    case Type::UINT32:
      return append_integer<arrow::UInt32Array>(array, index, key);
    case Type::UINT64:
      return append_integer<arrow::UInt64Array>(array, index, key);
    case Type::FLOAT:
      return append_float<arrow::FloatArray>(array, index, key);
    case Type::DOUBLE:
      return append_float<arrow::DoubleArray>(array, index, key);
    case Type::BOOL:
      return key.push_back(static_cast<const arrow::BooleanArray&>(array).Value(index) ? 1 : 0);
    case Type::STRING:
    case Type::BINARY: {
      const std::string_view text = static_cast<const arrow::BinaryArray&>(array).GetView(index);
      append_bytes(text.size(), key);
      key.append(text);
      return;
    }
    case Type::LIST:
      return append_list<arrow::ListArray>(array, index, key);
    case Type::MAP:
      return append_list<arrow::MapArray>(array, index, key);
    case Type::FIXED_SIZE_LIST:
      return append_list<arrow::FixedSizeListArray>(array, index, key);
    case Type::STRUCT:
      return append_struct(array, index, key);
    default:
      break;
  }
  // The indices of a dictionary inside of another value mean nothing in another array.
  const bool is_plain =
      arrow::is_fixed_width(array.type_id()) && array.type_id() != Type::DICTIONARY;
  const int bits = is_plain ? array.type()->bit_width() : 0;
  if (bits == 0 || bits % 8 != 0) {
    throw Error(ErrorKind::kInput,
                "values of type " + array.type()->ToString() + " can't be compared for equality",
                "remove distinct and exclude_self, or name another column");
  }
  const std::size_t width = static_cast<std::size_t>(bits) / 8;
  const auto* bytes = array.data()->buffers[1]->data();
  key.append(reinterpret_cast<const char*>(bytes) + (array.offset() + index) * width, width);
}

// What the elements are, also where they stand in a dictionary.
const arrow::DataType& element_type(const Array& array) {
  if (array.type_id() != Type::DICTIONARY) return *array.type();
  return *static_cast<const arrow::DictionaryType&>(*array.type()).value_type();
}

// A string is its own key; anything else writes one into `scratch`.
std::string_view key_of(const Array& array, std::int64_t index, std::string& scratch) {
  if (array.type_id() == Type::STRING || array.type_id() == Type::BINARY)
    return static_cast<const arrow::BinaryArray&>(array).GetView(index);
  if (array.type_id() == Type::DICTIONARY) {
    const auto& entries = static_cast<const arrow::DictionaryArray&>(array);
    return key_of(*entries.dictionary(), entries.GetValueIndex(index), scratch);
  }
  scratch.clear();
  append_key(array, index, scratch);
  return scratch;
}

}  // namespace

std::size_t ElementCodes::Hash::operator()(std::string_view bytes) const {
  return XXH3_64bits(bytes.data(), bytes.size());
}

ElementCodes::ElementCodes(std::shared_ptr<Array> values) : values_(std::move(values)) {
  codes_.reserve(static_cast<std::size_t>(values_->length()));
  if (values_->type_id() == Type::DICTIONARY) {
    number_entries();
    return;
  }
  std::string scratch;
  std::string_view last;
  for (std::int64_t i = 0; i < values_->length(); ++i) {
    const std::string_view key = key_of(*values_, i, scratch);
    if (i > 0 && key == last) {
      codes_.push_back(codes_.back());
      continue;
    }
    const auto found = add(key, scratch);
    codes_.push_back(found->second);
    last = found->first;
  }
}

// Looks up each entry of the dictionary once.
void ElementCodes::number_entries() {
  const auto& elements = static_cast<const arrow::DictionaryArray&>(*values_);
  const Array& entries = *elements.dictionary();
  code_of_entry_.assign(static_cast<std::size_t>(entries.length()), -1);
  std::string scratch;
  for (std::int64_t i = 0; i < elements.length(); ++i) {
    const std::int64_t entry = elements.GetValueIndex(i);
    std::int32_t& code = code_of_entry_[static_cast<std::size_t>(entry)];
    if (code < 0) code = add(key_of(entries, entry, scratch), scratch)->second;
    codes_.push_back(code);
  }
}

// The code of `key`, a new one if there is none yet; a key in `scratch` is kept.
ElementCodes::Codes::iterator ElementCodes::add(std::string_view key, const std::string& scratch) {
  const auto found = code_of_.find(key);
  if (found != code_of_.end()) return found;
  if (key.data() == scratch.data()) key = *keys_.emplace_back(std::make_unique<std::string>(key));
  return code_of_.emplace(key, static_cast<std::int32_t>(code_of_.size())).first;
}

std::int32_t ElementCodes::find(const Array& array, std::int64_t index) const {
  const arrow::DataType& type = element_type(array);
  const arrow::DataType& own = values_ == nullptr ? type : element_type(*values_);
  const bool comparable =
      type.id() == own.id() || (arrow::is_integer(type.id()) && arrow::is_integer(own.id()));
  if (!comparable) {
    throw Error(ErrorKind::kInput,
                "keys of type " + type.ToString() + " and " + own.ToString() + " can't be equal",
                "give both one type");
  }
  if (array.IsNull(index)) return -1;
  if (!code_of_entry_.empty() && array.data()->dictionary == values_->data()->dictionary) {
    const auto& elements = static_cast<const arrow::DictionaryArray&>(array);
    return code_of_entry_[static_cast<std::size_t>(elements.GetValueIndex(index))];
  }
  std::string scratch;
  const auto found = code_of_.find(key_of(array, index, scratch));
  return found == code_of_.end() ? -1 : found->second;
}

}  // namespace daedalus
