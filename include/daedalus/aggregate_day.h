// aggregate_day(): one aggregation of one day, without publishing anything.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daedalus/config.h"
#include "daedalus/skeleton.h"

namespace arrow {
class Table;
}

namespace daedalus {

/// How to compute an aggregation, and what to keep of it.
struct AggregateOptions {
  std::string engine;             ///< Of aggregate_pit_table; compute.engine when empty.
  std::filesystem::path out;      ///< A Parquet file that receives all rows; none when empty.
  std::int64_t first_rows = 0;    ///< Rows to give back.
  std::filesystem::path sql_dir;  ///< As in SkeletonOptions.
  Observer* observer = nullptr;   ///< As in SkeletonOptions.
};

/// What aggregate_day() made.
struct AggregatedDay {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;                    ///< As a Parquet file.
  std::vector<StepAccount> row_accounting;   ///< The steps spine and embedding_coverage.
  std::vector<Warning> warnings;             ///< As in Report.
  std::shared_ptr<arrow::Table> first_rows;  ///< The first of them, in order.
};

/// Computes the aggregation or windowed join `name` of the configuration for the rows of `day`:
/// user_id, artwork_id, event_timestamp, event, and the columns that `name` yields.
///
/// The rows are the day's valid events that the embedding coverage filter leaves, in the order of
/// the output: those of the skeleton stage before its session and content filters. The lists are
/// the skeleton stage's, to the last element; only columns that `type` casts or curation sets may
/// differ there. Nothing is published: intermediate files go to DuckDB's temp_directory.
///
/// Throws Error: kConfig for an unknown name or engine and for a day outside feed_start..feed_end,
/// kDataCheck for a day with too many invalid rows, kInput when the day has no row or a source
/// can't be read, kEnvironment when `out` can't be written. `out` is then as it was.
AggregatedDay aggregate_day(const Config& config, const std::string& name,
                            std::chrono::sys_days day, const AggregateOptions& options = {});

}  // namespace daedalus
