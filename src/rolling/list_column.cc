#include "rolling/list_column.h"

#include <arrow/api.h>
#include <arrow/compute/api_vector.h>

#include <limits>

#include "daedalus/error.h"
#include "rolling/arrow_value.h"

namespace daedalus {
namespace {

void throw_if_failed(const arrow::Status& status) {
  if (status.ok()) return;
  throw Error(status.IsOutOfMemory() || status.IsCapacityError() ? ErrorKind::kEnvironment
                                                                 : ErrorKind::kBug,
              "lists can't be made: " + status.ToString(),
              "give the aggregation a max_length, or free some memory");
}

class StringRunCopier final : public RunCopier {
 public:
  StringRunCopier(arrow::ArrayVector sources, arrow::MemoryPool* pool)
      : sources_(std::move(sources)), offsets_(pool), bytes_(pool) {
    turn_to(0);
    begin();
  }

  void turn_to(std::size_t source) override {
    const auto& strings = static_cast<const arrow::BinaryArray&>(*sources_[source]);
    from_ = strings.raw_value_offsets();
    bytes_from_ = strings.value_data() ? strings.value_data()->data() : nullptr;
  }

  void append(std::int64_t begin, std::int64_t length) override {
    if (length == 0) return;
    const std::int32_t first = from_[begin];
    const std::int32_t size = from_[begin + length] - first;
    if (bytes_.length() + size > std::numeric_limits<std::int32_t>::max())
      throw_if_failed(arrow::Status::CapacityError("strings of more than 2 GiB in one array"));
    const auto moved_by = static_cast<std::int32_t>(bytes_.length()) - first;
    throw_if_failed(bytes_.Append(bytes_from_ + first, size));
    throw_if_failed(offsets_.Reserve(length));
    std::int32_t* to = offsets_.mutable_data() + offsets_.length();
    for (std::int64_t i = 0; i < length; ++i) to[i] = from_[begin + i + 1] + moved_by;
    offsets_.UnsafeAdvance(length);
  }

  [[nodiscard]] std::int64_t bytes() const override {
    return bytes_.length() + offsets_.length() * static_cast<std::int64_t>(sizeof(std::int32_t));
  }

  std::shared_ptr<arrow::Array> finish() override {
    const std::int64_t length = offsets_.length() - 1;
    expected_length_ = length + length / 8;
    expected_bytes_ = bytes_.length() + bytes_.length() / 8;
    std::shared_ptr<arrow::Buffer> offsets;
    std::shared_ptr<arrow::Buffer> bytes;
    throw_if_failed(offsets_.Finish(&offsets, /*shrink_to_fit=*/false));
    throw_if_failed(bytes_.Finish(&bytes, /*shrink_to_fit=*/false));
    begin();
    return arrow::MakeArray(
        arrow::ArrayData::Make(sources_[0]->type(), length, {nullptr, offsets, bytes}, 0));
  }

 private:
  // Neighbouring runs of rows are of like size: room for as much as the last one had.
  void begin() {
    throw_if_failed(offsets_.Reserve(expected_length_ + 1));
    throw_if_failed(bytes_.Reserve(expected_bytes_));
    offsets_.UnsafeAppend(0);
  }

  arrow::ArrayVector sources_;
  const std::int32_t* from_ = nullptr;
  const std::uint8_t* bytes_from_ = nullptr;
  arrow::TypedBufferBuilder<std::int32_t> offsets_;
  arrow::BufferBuilder bytes_;
  std::int64_t expected_length_ = 0;
  std::int64_t expected_bytes_ = 0;
};

// Of strings in a dictionary: their indices.
class IndexRunCopier final : public RunCopier {
 public:
  IndexRunCopier(arrow::ArrayVector sources, arrow::MemoryPool* pool)
      : sources_(std::move(sources)), indices_(pool) {
    turn_to(0);
  }

  void turn_to(std::size_t source) override {
    const auto& strings = static_cast<const arrow::DictionaryArray&>(*sources_[source]);
    from_ = static_cast<const arrow::Int32Array&>(*strings.indices()).raw_values();
  }

  void append(std::int64_t begin, std::int64_t length) override {
    throw_if_failed(indices_.Append(from_ + begin, length));
  }

  [[nodiscard]] std::int64_t bytes() const override {
    return indices_.length() * static_cast<std::int64_t>(sizeof(std::int32_t));
  }

  std::shared_ptr<arrow::Array> finish() override {
    const std::int64_t length = indices_.length();
    std::shared_ptr<arrow::Buffer> indices;
    throw_if_failed(indices_.Finish(&indices, /*shrink_to_fit=*/false));
    throw_if_failed(indices_.Reserve(length + length / 8));  // neighbouring runs are of like size
    const auto& strings = static_cast<const arrow::DictionaryArray&>(*sources_[0]);
    return std::make_shared<arrow::DictionaryArray>(
        strings.type(), std::make_shared<arrow::Int32Array>(length, indices), strings.dictionary());
  }

 private:
  arrow::ArrayVector sources_;
  const std::int32_t* from_ = nullptr;
  arrow::TypedBufferBuilder<std::int32_t> indices_;
};

// Whether IndexRunCopier can copy such elements.
bool is_numbered(const arrow::DataType& type) {
  return type.id() == arrow::Type::DICTIONARY &&
         static_cast<const arrow::DictionaryType&>(type).index_type()->id() == arrow::Type::INT32;
}

// Arrow makes the dictionary when it is first asked for: not by several threads at once, then.
void make_dictionary(const arrow::Array& numbered) {
  static_cast<void>(static_cast<const arrow::DictionaryArray&>(numbered).dictionary());
}

class AnyRunCopier final : public RunCopier {
 public:
  AnyRunCopier(arrow::ArrayVector sources, arrow::MemoryPool* pool) : sources_(std::move(sources)) {
    throw_if_failed(arrow::MakeBuilder(pool, sources_[0]->type(), &builder_));
    std::int64_t length = 0;
    std::int64_t bytes = 0;
    for (const auto& source : sources_) {
      spans_.emplace_back(*source->data());
      length += source->length();
      for (const auto& buffer : source->data()->buffers) bytes += buffer ? buffer->size() : 0;
    }
    if (length > 0) bytes_each_ = bytes / length + 1;
    turn_to(0);
  }

  void turn_to(std::size_t source) override { span_ = &spans_[source]; }

  void append(std::int64_t begin, std::int64_t length) override {
    throw_if_failed(builder_->AppendArraySlice(*span_, begin, length));
  }

  [[nodiscard]] std::int64_t bytes() const override { return builder_->length() * bytes_each_; }

  std::shared_ptr<arrow::Array> finish() override {
    std::shared_ptr<arrow::Array> array;
    throw_if_failed(builder_->Finish(&array));
    return array;
  }

 private:
  arrow::ArrayVector sources_;
  std::vector<arrow::ArraySpan> spans_;
  const arrow::ArraySpan* span_ = nullptr;
  std::unique_ptr<arrow::ArrayBuilder> builder_;
  std::int64_t bytes_each_ = 1;  // on average
};

}  // namespace

std::shared_ptr<arrow::Array> numbered(const std::shared_ptr<arrow::Array>& strings) {
  auto array =
      value_of(arrow::compute::DictionaryEncode(strings), "strings can't be numbered").make_array();
  make_dictionary(*array);
  return array;
}

std::shared_ptr<arrow::Array> with_numbered_strings(const std::shared_ptr<arrow::Array>& lists) {
  if (lists->type_id() != arrow::Type::LIST) return lists;
  const auto& strings = static_cast<const arrow::ListArray&>(*lists).values();
  if (!arrow::is_binary_like(strings->type_id())) return lists;
  const auto elements = numbered(strings)->data();
  std::shared_ptr<arrow::ArrayData> data = lists->data()->Copy();
  data->type = arrow::list(lists->type()->field(0)->WithType(elements->type));
  data->child_data = {elements};
  auto array = arrow::MakeArray(data);
  make_dictionary(*static_cast<const arrow::ListArray&>(*array).values());
  return array;
}

std::unique_ptr<RunCopier> make_run_copier(arrow::ArrayVector sources, arrow::MemoryPool* pool) {
  const arrow::Type::type type = sources.at(0)->type_id();
  if (type == arrow::Type::STRING || type == arrow::Type::BINARY)
    return std::make_unique<StringRunCopier>(std::move(sources), pool);
  if (is_numbered(*sources.at(0)->type()))
    return std::make_unique<IndexRunCopier>(std::move(sources), pool);
  return std::make_unique<AnyRunCopier>(std::move(sources), pool);
}

ListColumn::ListColumn(std::shared_ptr<arrow::DataType> type, arrow::ArrayVector sources,
                       arrow::MemoryPool* pool)
    : type_(std::move(type)), elements_(make_run_copier(std::move(sources), pool)) {}

void ListColumn::end_row() {
  const std::int64_t end = offsets_.back() + elements_in_row_;
  if (end > std::numeric_limits<std::int32_t>::max())
    throw_if_failed(arrow::Status::CapacityError("more than 2^31 list elements in one array"));
  offsets_.push_back(static_cast<std::int32_t>(end));
  elements_in_row_ = 0;
}

std::shared_ptr<arrow::Array> ListColumn::finish() {
  const auto rows = static_cast<std::int64_t>(offsets_.size()) - 1;
  const std::shared_ptr<arrow::Array> elements = elements_->finish();
  auto offsets = arrow::Buffer::FromVector(std::move(offsets_));
  offsets_ = {0};
  return std::make_shared<arrow::ListArray>(type_, rows, std::move(offsets), elements);
}

}  // namespace daedalus
