#include "sink/checked_stream.h"

#include <arrow/io/file.h>
#include <fmt/format.h>

#include <fstream>
#include <new>
#include <vector>

#include "base/advice.h"
#include "daedalus/error.h"

namespace daedalus {

arrow::Result<std::shared_ptr<CheckedStream>> CheckedStream::open(
    const std::filesystem::path& path) {
  ARROW_ASSIGN_OR_RAISE(auto file, arrow::io::FileOutputStream::Open(path.string()));
  return std::shared_ptr<CheckedStream>(new CheckedStream(std::move(file)));
}

CheckedStream::CheckedStream(std::shared_ptr<arrow::io::FileOutputStream> file)
    : file_(std::move(file)), state_(XXH3_createState()) {
  if (state_ == nullptr) throw std::bad_alloc();
  XXH3_64bits_reset(state_);
}

CheckedStream::~CheckedStream() { XXH3_freeState(state_); }

arrow::Status CheckedStream::Write(const void* data, std::int64_t bytes) {
  XXH3_64bits_update(state_, data, static_cast<std::size_t>(bytes));
  return file_->Write(data, bytes);
}

arrow::Status CheckedStream::Close() { return file_->Close(); }

arrow::Result<std::int64_t> CheckedStream::Tell() const { return file_->Tell(); }

bool CheckedStream::closed() const { return file_->closed(); }

std::uint64_t CheckedStream::checksum() const { return XXH3_64bits_digest(state_); }

std::uint64_t checksum_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(),
                                                                       &XXH3_freeState);
  if (state == nullptr) throw std::bad_alloc();
  XXH3_64bits_reset(state.get());
  std::vector<char> buffer(std::size_t{1} << 20);
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) ||
         file.gcount() > 0) {
    XXH3_64bits_update(state.get(), buffer.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof())
    throw Error(ErrorKind::kEnvironment, fmt::format("{} can't be read back", path.string()),
                kCheckDisk);
  return XXH3_64bits_digest(state.get());
}

}  // namespace daedalus
