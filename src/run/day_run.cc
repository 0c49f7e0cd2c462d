#include "run/day_run.h"

#include <arrow/api.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <future>
#include <iterator>
#include <limits>

#include "base/fault_point.h"
#include "base/freed_memory.h"
#include "engine/quote.h"
#include "run/ahead.h"
#include "run/entity_table.h"
#include "sink/parquet_sink.h"
#include "sink/publish.h"
#include "sink/qid_map.h"

namespace daedalus {
namespace {

// Of rows that wait for the sink: lists come in bursts, since the events of many rows' users are
// read at once.
constexpr std::int64_t kAheadBytes = std::int64_t{16} << 20;

std::int64_t sum_rows(const std::vector<PartFile>& parts) {
  std::int64_t rows = 0;
  for (const PartFile& part : parts) rows += part.rows;
  return rows;
}

}  // namespace

std::size_t stage_count(const Plan& plan) {
  return plan.stages.size() + (plan.early.empty() ? 0 : 1) + 2;
}

DayRun::DayRun(const RunContext& context, Plan plan, const StageResults& shared, std::size_t index)
    : context_(context),
      config_(context.catalog.config()),
      settings_(share_instance(engine_settings(config_))),
      plan_(std::move(plan)),
      index_(index),
      day_(to_string(plan_.day)),
      work_(config_.runtime.output_root, day_),
      results_(shared) {
  std::string& events = results_.files.at(kRollingEvents);
  events = fmt::format("SELECT * FROM ({}) WHERE {}", events, plan_.in_history);
}

// Says what was not said before. Throws, if the configuration makes one of them an error.
void DayRun::warn(const std::vector<Warning>& found) {
  std::ranges::move(context_.warnings.take(day_, found), std::back_inserter(warnings_));
}

DayReport DayRun::run() {
  const Interval spine = spine_of(context_.catalog, plan_.day);
  unused_rows_ = unused_rows(results_.counts, context_.catalog.partitions_in(spine));
  warn(context_.standing_warnings);
  warn(missing_partitions(context_.catalog.partitions(), spine, context_.catalog.day_zone()));
  warn(unused_row_warnings(unused_rows_));
  const auto timed = [&](const std::string& stage, auto work) {
    observed(*context_.observer, day_, stage, work);
  };
  for (const Stage& stage : plan_.stages) {
    if (stage.name == kPublishedRows && !plan_.early.empty())
      timed("early_lists", [&] { make_early_lists(); });
    timed(stage.name,
          [&] { run_stage(plan_, stage, plan_.day_variables, settings_, work_.path(), results_); });
    if (stage.name == kFeedDay) {
      check_invalid_fraction(results_.counts, config_, day_);
      warn(unknown_codes(plan_, results_.counts));
    }
  }
  warn(empty_joins(plan_, results_.counts));
  warn(newer_features(plan_, results_.counts));
  std::vector<PartFile> parts;
  timed("aggregate_pit_table", [&] { parts = write_parts(); });
  DayReport report;
  timed("publish", [&] { report = publish(parts); });
  return report;
}

std::unique_ptr<PitEngine> DayRun::pit_engine(const PitUse& use, const std::string& rows) {
  // Items come in the order of their numbers; the row number of their file is one column too many.
  const PitTable table{fmt::format("SELECT * EXCLUDE (__row), __row AS __seq FROM ({})",
                                   results_.files.at(use.events)),
                       use.items.empty() ? ""
                                         : fmt::format("SELECT * EXCLUDE (__row) FROM ({})",
                                                       results_.files.at(use.items)),
                       use.event_names,
                       pit_rows_select(use, results_.files.at(rows)),
                       use.own_of_item,
                       use.rows_by_key};
  return make_pit_engine(context_.engine, table, use.specs, settings_);
}

void DayRun::make_early_lists() {
  for (const PitUse& use : plan_.early) {
    const auto directory = work_.path() / use.name;
    std::filesystem::create_directory(directory);
    const std::unique_ptr<PitEngine> lists = pit_engine(use, "target_rows");
    write_all([&](std::int64_t rows) { return lists->next(rows); }, directory,
              std::numeric_limits<std::int64_t>::max());
    results_.files[use.name] = select_file(directory / "part-0-0.parquet", "__row_id");
  }
}

// Writes what `source` gives, and makes the next rows while the sink encodes the last.
std::vector<PartFile> DayRun::write_all(const ColumnSource& source,
                                        const std::filesystem::path& directory,
                                        std::int64_t rows_per_part) const {
  std::int64_t done = 0;
  const auto make_next = [&] {
    // No batch reaches over the end of a slice or a part, so that the sink need not copy.
    const std::int64_t of_part = done % rows_per_part;
    auto batch = source(std::min(ParquetSink::kSliceRows - of_part % ParquetSink::kSliceRows,
                                 rows_per_part - of_part));
    done += batch->num_rows();
    return batch;
  };
  Ahead batches(make_next, kAheadBytes);
  std::shared_ptr<arrow::Table> batch = batches.next();
  ParquetSink sink(directory, batch->schema(), rows_per_part, settings_.threads());
  for (; batch->num_rows() > 0; batch = batches.next()) sink.write(*batch);
  return sink.finish();
}

// Numbers the day's sessions, and writes the qid column, if the output has one.
std::optional<std::string> DayRun::assign_qids() {
  context_.turnstile.wait(index_);
  std::string qid_map;
  if (plan_.session) {
    qid_map = extend_qid_map(config_.runtime.output_root,
                             fmt::format("SELECT __session AS feed_session, __t AS ordinal FROM "
                                         "({}) WHERE __session IS NOT NULL",
                                         results_.files.at(kPublishedRows)),
                             settings_, work_.path() / "qid_map.parquet");
  }
  context_.turnstile.pass(index_);
  const auto select = qid_select(qid_map);
  if (!select) return std::nullopt;
  // Sorted into a file, for a sort that waits to be read holds its memory until the day is done.
  const auto path = work_.path() / "qids.parquet";
  Engine engine(settings_);
  write_file(engine, *select, path);
  return select_file(path);
}

// The columns of the output that published_rows has.
std::string DayRun::rows_select() const {
  std::vector<std::string> items;
  for (const OutputItem& item : plan_.output) {
    if (item.source == OutputItem::Source::kRow) items.push_back(quote_identifier(item.name));
  }
  for (const EntityColumns& entity : plan_.entity_columns) items.push_back(entity.number);
  // A day whose output is lists alone still needs its number of rows.
  if (items.empty()) items.emplace_back("__row");
  return fmt::format("SELECT {} FROM ({})", fmt::join(items, ", "),
                     results_.files.at(kPublishedRows));
}

// The qid column, if the output has one.
std::optional<std::string> DayRun::qid_select(const std::string& qid_map) const {
  for (const OutputItem& item : plan_.output) {
    if (item.source != OutputItem::Source::kQid) continue;
    const std::string qid =
        item.cast_type.empty() ? "qid" : fmt::format("CAST(qid AS {})", item.cast_type);
    return fmt::format(
        "SELECT {} AS {} FROM ({}) AS published LEFT JOIN ({}) AS known ON known.feed_session = "
        "published.__session ORDER BY published.__row",
        qid, quote_identifier(item.name), results_.files.at(kPublishedRows), qid_map);
  }
  return std::nullopt;
}

std::shared_ptr<arrow::Table> DayRun::output_of(const arrow::Table& columns) const {
  std::vector<int> indices;
  for (const OutputItem& item : plan_.output) {
    indices.push_back(columns.schema()->GetFieldIndex(item.name));
    if (indices.back() < 0)
      throw Error(ErrorKind::kBug, "no step made the output column " + item.name);
  }
  return columns.SelectColumns(indices).ValueOrDie();
}

std::vector<PartFile> DayRun::write_parts() {
  return_freed_memory();
  // Opening keeps a thread busy for a good part of a short stage: two, then. What sorts does so one
  // after the other, for the memory.
  std::vector<std::unique_ptr<EntityTable>> entities;
  auto opened_entities = std::async(std::launch::async, [&] {
    for (const EntityColumns& columns : plan_.entity_columns) {
      entities.push_back(std::make_unique<EntityTable>(columns, results_, kPublishedRows,
                                                       work_.path(), settings_));
    }
    return assign_qids();  // Last, for it waits for other days.
  });
  std::vector<std::unique_ptr<PitEngine>> lists;
  auto opened_lists = std::async(std::launch::async, [&] {
    for (const PitUse& use : plan_.late) lists.push_back(pit_engine(use, kPublishedRows));
  });
  Engine row_engine(settings_);
  rows_ = row_engine.query_count(
      fmt::format("SELECT count(*) FROM ({})", results_.files.at(kPublishedRows)));
  const std::unique_ptr<ResultStream> rows = row_engine.stream(rows_select());
  std::vector<ColumnSource> sources{[&](std::int64_t count) {
    std::shared_ptr<arrow::Table> batch = rows->next(count);
    for (const auto& entity : entities) batch = entity->add_to(*batch);
    return batch;
  }};
  Engine qid_engine(settings_);
  std::unique_ptr<ResultStream> qids;
  if (const auto select = opened_entities.get()) {
    qids = qid_engine.stream(*select);
    sources.emplace_back([&](std::int64_t count) { return qids->next(count); });
  }
  opened_lists.get();
  for (const auto& list : lists) {
    sources.emplace_back([engine = list.get()](std::int64_t count) { return engine->next(count); });
  }
  // Engines that work in DuckDB or Polars want the memory for one use at a time.
  SideBySide columns(std::move(sources), context_.engine == "native" ? settings_.threads() : 1);
  const auto staged = work_.path() / ("dt=" + day_);
  std::filesystem::create_directory(staged);
  return write_all([&](std::int64_t count) { return output_of(*columns.next(count)); }, staged,
                   config_.runtime.entity_spine_chunk_rows);
}

DayReport DayRun::publish(const std::vector<PartFile>& parts) {
  const auto staged = work_.path() / ("dt=" + day_);
  DayReport report;
  report.day = day_;
  report.status = DayStatus::kPublished;
  report.row_accounting = account_rows(config_, plan_, results_.counts);
  report.rows_out = sum_rows(parts);
  if (report.rows_out != rows_)
    throw Error(ErrorKind::kDataCheck,
                fmt::format("{} rows were written of {}", report.rows_out, rows_));
  check_accounts(report.row_accounting, rows_);
  Manifest manifest{day_,
                    context_.recipe,
                    input_files(context_.catalog, plan_.day).files,
                    report.row_accounting,
                    {},
                    {},
                    parts,
                    unused_rows_,
                    warnings_};
  for (const std::string& column : plan_.encoded) {
    auto& values = manifest.unknown_values[column];
    if (const auto unknown = results_.counts.find("unknown_" + column);
        unknown != results_.counts.end()) {
      for (const auto& [value, rows] : unknown->second) values.push_back(value);
    }
  }
  Engine engine(settings_);
  manifest.columns =
      engine.describe(fmt::format("SELECT * FROM read_parquet({}, hive_partitioning = false)",
                                  quote_text((staged / parts.front().name).string())));
  write_file_synced(staged / "_manifest.json", manifest.to_json());
  fault_point("publish.manifest");
  publish_directory(staged, day_directory(config_.runtime.output_root, plan_.day));
  for (const PartFile& part : parts) report.bytes += part.bytes;
  return report;
}

}  // namespace daedalus
