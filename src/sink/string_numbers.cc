#include "sink/string_numbers.h"

#include <parquet/exception.h>

#include <cstring>
#include <utility>

namespace daedalus {
namespace {

// Whether both are the same memory.
bool is_same(const arrow::ArrayData& a, const arrow::ArrayData& b) {
  return a.offset == b.offset && a.length == b.length && a.buffers == b.buffers;
}

std::int64_t plain_bytes(std::string_view text) {
  return static_cast<std::int64_t>(sizeof(std::uint32_t) + text.size());
}

std::uint8_t* write_plain(std::string_view text, std::uint8_t* to) {
  const auto length = static_cast<std::uint32_t>(text.size());
  std::memcpy(to, &length, sizeof length);
  if (length > 0) std::memcpy(to + sizeof length, text.data(), length);
  return to + sizeof length + length;
}

}  // namespace

std::int32_t StringNumbers::of(std::string_view text) {
  if (!used_.empty()) look_up_used();
  return look_up(text);
}

void StringNumbers::turn_to(const arrow::BinaryArray& dictionary) {
  if (entries_ != nullptr && is_same(*entries_->data(), *dictionary.data())) return;
  if (!used_.empty()) look_up_used();
  entries_ = std::make_shared<arrow::BinaryArray>(dictionary.data());
  number_of_entry_.assign(static_cast<std::size_t>(dictionary.length()), kNoNumber);
}

std::int64_t StringNumbers::memory() const {
  constexpr std::int64_t kOfTheTable =
      64;  // a string's share of `known_`, when that has just grown
  return bytes_ + kOfTheTable * size();
}

std::shared_ptr<arrow::Buffer> StringNumbers::plain(arrow::MemoryPool* pool) {
  PARQUET_ASSIGN_OR_THROW(std::shared_ptr<arrow::Buffer> buffer,
                          arrow::AllocateBuffer(bytes_, pool));
  std::uint8_t* to = buffer->mutable_data();
  if (!used_.empty()) {
    for (const std::int32_t entry : used_) to = write_plain(entries_->GetView(entry), to);
    return buffer;
  }
  std::shared_ptr<arrow::ArrayData> data;
  PARQUET_THROW_NOT_OK(known_.GetArrayData(0, &data));
  const arrow::BinaryArray strings(data);
  for (std::int64_t i = 0; i < strings.length(); ++i) to = write_plain(strings.GetView(i), to);
  return buffer;
}

std::int32_t StringNumbers::first_use(std::int32_t entry) {
  const std::string_view text = entries_->GetView(entry);
  if (known_.size() > 0) return look_up(text);
  bytes_ += plain_bytes(text);
  used_.push_back(entry);
  return static_cast<std::int32_t>(used_.size()) - 1;
}

std::int32_t StringNumbers::look_up(std::string_view text) {
  const std::int32_t before = known_.size();
  std::int32_t number = 0;
  PARQUET_THROW_NOT_OK(known_.GetOrInsert<arrow::BinaryType>(text, &number));
  if (number == before) bytes_ += plain_bytes(text);
  return number;
}

// Other strings come than those of one dictionary.
void StringNumbers::look_up_used() {
  bytes_ = 0;
  for (const std::int32_t entry : std::exchange(used_, {})) look_up(entries_->GetView(entry));
}

}  // namespace daedalus
