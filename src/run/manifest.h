// _manifest.json: what a published day was made of.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "daedalus/skeleton.h"
#include "run/staleness.h"
#include "run/warnings.h"
#include "sink/parquet_sink.h"

namespace daedalus {

/// What a day's manifest says. Holds nothing of the clock or the machine, so equal runs give equal
/// bytes.
struct Manifest {
  std::string day;
  Recipe recipe;
  std::vector<InputFile> inputs;
  std::vector<StepAccount> row_accounting;
  std::map<std::string, std::vector<std::string>>
      unknown_values;  ///< Encoded column to its distinct unknown values.
  std::vector<ColumnType> columns;
  std::vector<PartFile> parts;
  UnusedRows unused_rows;  ///< Of the partitions that overlap the day's spine.
  std::vector<Warning> warnings;

  /// The file's text.
  [[nodiscard]] std::string to_json() const;
};

/// What `day` reads.
DayInputs input_files(const Catalog& catalog, Day day);

}  // namespace daedalus
