#include "engine/reading_fault.h"

#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace daedalus {
namespace {

// How DuckDB says that it lacks something.
constexpr std::array<std::string_view, 4> kUnsupported = {"Unsupported ", "not supported",
                                                          "only supported for", "Not implemented"};

// A Parquet file may encrypt columns and not its footer: its bytes then look damaged.
bool has_encrypted_columns(const std::string& path) {
  try {
    return parquet::ParquetFileReader::OpenFile(path)->metadata()->is_encryption_algorithm_set();
  } catch (const parquet::ParquetException&) {
    return false;  // It is no Parquet file, or damaged.
  }
}

}  // namespace

ReadingFault reading_fault(const std::string& path, const Error& error) {
  const std::string text = error.what();
  const auto says = [&](std::string_view part) { return text.find(part) != std::string::npos; };
  if (says("is encrypted") || has_encrypted_columns(path))
    return {"is encrypted, which is not supported",
            "write it without encryption, or leave it out of source.path"};
  // A defect's text ends with the statement.
  const std::string what = text.substr(0, text.find("\nin: "));
  if (std::ranges::any_of(kUnsupported, says))
    return {"has what can't be read here: " + what,
            "the file may be sound: write it again with another compression or encoding, such as "
            "Zstd and PLAIN"};
  return {"can't be read: " + what, "repair or remove the file"};
}

}  // namespace daedalus
