// A file that is written with a running checksum, so that it can be compared with what the disk
// gives back.
#pragma once

#include <arrow/io/interfaces.h>
#include <xxhash.h>

#include <cstdint>
#include <filesystem>
#include <memory>

namespace arrow::io {
class FileOutputStream;
}

namespace daedalus {

/// Writes a file, and knows the XXH3-64 (seed 0) of all bytes so far.
class CheckedStream final : public arrow::io::OutputStream {
 public:
  static arrow::Result<std::shared_ptr<CheckedStream>> open(const std::filesystem::path& path);
  ~CheckedStream() override;
  CheckedStream(const CheckedStream&) = delete;
  CheckedStream& operator=(const CheckedStream&) = delete;

  using arrow::io::OutputStream::Write;
  arrow::Status Write(const void* data, std::int64_t bytes) override;
  arrow::Status Close() override;
  [[nodiscard]] arrow::Result<std::int64_t> Tell() const override;
  [[nodiscard]] bool closed() const override;

  [[nodiscard]] std::uint64_t checksum() const;

 private:
  explicit CheckedStream(std::shared_ptr<arrow::io::FileOutputStream> file);

  std::shared_ptr<arrow::io::FileOutputStream> file_;
  XXH3_state_t* state_;
};

/// The XXH3-64 of the bytes of the file at `path`. Throws Error{kEnvironment}.
std::uint64_t checksum_of_file(const std::filesystem::path& path);

}  // namespace daedalus
