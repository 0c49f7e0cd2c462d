// _manifest.json: what a published day was made of, and whether it would be made the same again.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "daedalus/skeleton.h"
#include "plan/sql_library.h"
#include "sink/parquet_sink.h"

namespace daedalus {

/// What a day's manifest says. Holds nothing of the clock or the machine, so equal runs give equal
/// bytes.
struct Manifest {
  std::string day;
  std::string configuration_fingerprint;
  std::vector<InputFile> inputs;
  std::vector<StepAccount> row_accounting;
  std::map<std::string, std::vector<std::string>>
      unknown_values;  ///< Encoded column to its distinct unknown values.
  std::vector<ColumnType> columns;
  std::vector<PartFile> parts;

  /// The file's text.
  [[nodiscard]] std::string to_json() const;
};

/// A fingerprint of all of the configuration that can change a day's rows (threads, memory, workers
/// and paths of output and spill can't), of the feed's columns, and of the edited SQL in use.
std::string configuration_fingerprint(const Catalog& catalog, const SqlLibrary& sql);

/// All files that `day` reads, sorted.
std::vector<InputFile> input_files(const Catalog& catalog, Day day);

/// The report of the published day in `directory`, when it is what the present configuration and
/// inputs would give; absent when it is not, is damaged or is not there. The files of the manifest
/// are compared by path, size and modification time, the parts by size.
std::optional<DayReport> published_report(const std::filesystem::path& directory,
                                          const std::string& day, const std::string& fingerprint,
                                          const std::vector<InputFile>& inputs);

}  // namespace daedalus
