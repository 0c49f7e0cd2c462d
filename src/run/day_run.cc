#include "run/day_run.h"

#include <arrow/api.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>

#include "engine/quote.h"
#include "sink/parquet_sink.h"
#include "sink/qid_map.h"

namespace daedalus {
namespace {

// Rows whose lists are made at once, and so a row group of the output: the peak of memory depends
// on it.
constexpr std::int64_t kBatchRows = 65'536;

// The rows of a file of the work directory; with their number as `row_number`, where one is asked
// for.
std::string select_file(const std::filesystem::path& path, const std::string& row_number = {}) {
  const std::string file = quote_text(path.string());
  if (row_number.empty())
    return fmt::format("SELECT * FROM read_parquet({}, hive_partitioning = false)", file);
  return fmt::format(
      "SELECT * EXCLUDE (file_row_number), file_row_number AS {} FROM read_parquet({}, "
      "file_row_number = true, hive_partitioning = false)",
      row_number, file);
}

std::int64_t sum_rows(const std::vector<PartFile>& parts) {
  std::int64_t rows = 0;
  for (const PartFile& part : parts) rows += part.rows;
  return rows;
}

}  // namespace

std::size_t stage_count(const Plan& plan) {
  return plan.stages.size() + (plan.early.empty() ? 0 : 1) + 2;
}

DayRun::DayRun(const RunContext& context, Plan plan, std::size_t index)
    : context_(context),
      config_(context.catalog.config()),
      plan_(std::move(plan)),
      index_(index),
      day_(to_string(plan_.day)),
      work_(config_.runtime.output_root, day_) {}

template <typename Work>
void DayRun::timed(const std::string& stage, Work work) {
  context_.observer->stage_started(day_, stage);
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  context_.observer->stage_finished(day_, stage, seconds.count());
}

DayReport DayRun::run() {
  for (const Stage& stage : plan_.stages) {
    if (stage.name == kPublishedRows && !plan_.early.empty())
      timed("early_lists", [&] { make_early_lists(); });
    timed(stage.name, [&] { run_stage(stage); });
    if (stage.name == kFeedDay) {
      check_invalid_fraction(counts_, config_.runtime.max_invalid_fraction, day_);
    }
  }
  std::vector<PartFile> parts;
  timed("aggregate_pit_table", [&] { parts = write_parts(assign_qids()); });
  DayReport report;
  timed("publish", [&] { report = publish(parts); });
  return report;
}

void DayRun::run_stage(const Stage& stage) {
  Engine engine(config_.runtime.duckdb_config);
  if (stage.reads_lance) engine.load_lance();
  for (const auto& [name, value] : plan_.variables) engine.set_variable(name, value);
  for (const auto& [name, select] : files_) engine.create_view(name, select);
  for (const PlanInput& input : plan_.inputs) {
    if (std::ranges::find(stage.inputs, input.name) == stage.inputs.end()) continue;
    engine.create_view(input.name, input.select);
  }
  try {
    for (const Relation& relation : stage.relations) run_relation(engine, relation);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    throw Error(ErrorKind::kInput, fmt::format("while stage {} read {}: {}", stage.name,
                                               sources_of(stage), error.what()));
  }
}

std::string DayRun::sources_of(const Stage& stage) const {
  std::vector<std::string> sources;
  for (const PlanInput& input : plan_.inputs) {
    if (std::ranges::find(stage.inputs, input.name) != stage.inputs.end())
      sources.push_back(input.source);
  }
  return sources.empty() ? "its own files" : fmt::format("{}", fmt::join(sources, ", "));
}

void DayRun::run_relation(Engine& engine, const Relation& relation) {
  switch (relation.form) {
    case Relation::Form::kView:
      engine.create_view(relation.name, relation.sql);
      break;
    case Relation::Form::kTable:
      engine.execute(
          fmt::format("CREATE TEMP TABLE {} AS {}", quote_identifier(relation.name), relation.sql));
      break;
    case Relation::Form::kFile:
    case Relation::Form::kOrderedFile: {
      const auto path = work_.path() / fmt::format("relation-{}.parquet", files_.size());
      engine.execute(
          fmt::format("COPY ({}) TO {} (FORMAT parquet)", relation.sql, quote_text(path.string())));
      files_[relation.name] =
          select_file(path, relation.form == Relation::Form::kOrderedFile ? "__row" : "");
      engine.create_view(relation.name, files_[relation.name]);
      break;
    }
    case Relation::Form::kCounts:
      for (const auto& row : engine.query(relation.sql)) {
        counts_[relation.name][row.at(0).value_or("")] = std::stoll(row.at(1).value());
      }
      break;
  }
}

std::unique_ptr<PitEngine> DayRun::pit_engine(const PitUse& use, const std::string& rows) {
  const PitTable table{
      fmt::format("SELECT * EXCLUDE (__row), __row AS __seq FROM ({})", files_.at(use.events)),
      pit_rows_select(plan_, use, files_.at(rows))};
  return make_pit_engine("duckdb", table, use.specs, config_.runtime.duckdb_config);
}

void DayRun::make_early_lists() {
  Engine engine(config_.runtime.duckdb_config);
  const std::int64_t rows =
      engine.query_count(fmt::format("SELECT count(*) FROM ({})", files_.at("target_rows")));
  for (const PitUse& use : plan_.early) {
    const auto directory = work_.path() / use.name;
    std::filesystem::create_directory(directory);
    const std::unique_ptr<PitEngine> lists = pit_engine(use, "target_rows");
    ParquetSink sink(directory, lists->aggregate(0, 0)->schema(), std::max<std::int64_t>(rows, 1));
    for (std::int64_t first = 0; first < rows; first += kBatchRows) {
      sink.write(*lists->aggregate(first, std::min(first + kBatchRows, rows)));
    }
    sink.finish();
    files_[use.name] = select_file(directory / "part-0-0.parquet", "__row_id");
  }
}

std::string DayRun::assign_qids() {
  context_.turnstile.wait(index_);
  std::string qid_map;
  if (plan_.session) {
    qid_map = extend_qid_map(config_.runtime.output_root,
                             fmt::format("SELECT __session AS feed_session, __t AS ordinal FROM "
                                         "({}) WHERE __session IS NOT NULL",
                                         files_.at(kPublishedRows)),
                             config_.runtime.duckdb_config, work_.path() / "qid_map.parquet");
  }
  context_.turnstile.pass(index_);
  return qid_map;
}

std::string DayRun::rows_select(const std::string& qid_map) const {
  std::vector<std::string> items;
  for (const OutputItem& item : plan_.output) {
    const std::string name = quote_identifier(item.name);
    if (item.source == OutputItem::Source::kRow) items.push_back("published." + name);
    if (item.source == OutputItem::Source::kQid) {
      items.push_back(item.cast_type.empty()
                          ? "known.qid AS " + name
                          : fmt::format("CAST(known.qid AS {}) AS {}", item.cast_type, name));
    }
  }
  // A day whose output is lists alone still needs its number of rows.
  if (items.empty()) items.emplace_back("published.__row");
  const std::string join =
      qid_map.empty()
          ? ""
          : fmt::format("LEFT JOIN ({}) AS known ON known.feed_session = published.__session",
                        qid_map);
  return fmt::format("SELECT {} FROM ({}) AS published {}", fmt::join(items, ", "),
                     files_.at(kPublishedRows), join);
}

std::shared_ptr<arrow::Table> DayRun::assemble(
    const arrow::Table& rows, const std::vector<std::shared_ptr<arrow::Table>>& lists) const {
  std::vector<std::shared_ptr<arrow::Field>> fields;
  std::vector<std::shared_ptr<arrow::ChunkedArray>> columns;
  for (const OutputItem& item : plan_.output) {
    const arrow::Table* source = &rows;
    for (const auto& table : lists) {
      if (item.source == OutputItem::Source::kList &&
          table->schema()->GetFieldIndex(item.name) >= 0)
        source = table.get();
    }
    const int index = source->schema()->GetFieldIndex(item.name);
    if (index < 0) throw Error(ErrorKind::kBug, "no step made the output column " + item.name);
    fields.push_back(source->field(index));
    columns.push_back(source->column(index));
  }
  return arrow::Table::Make(arrow::schema(std::move(fields)), std::move(columns), rows.num_rows());
}

std::vector<PartFile> DayRun::write_parts(const std::string& qid_map) {
  Engine engine(config_.runtime.duckdb_config);
  rows_ = engine.query_count(fmt::format("SELECT count(*) FROM ({})", files_.at(kPublishedRows)));
  const std::string select = rows_select(qid_map);
  std::vector<std::unique_ptr<PitEngine>> pits;
  for (const PitUse& use : plan_.late) pits.push_back(pit_engine(use, kPublishedRows));
  const auto batch = [&](std::int64_t first, std::int64_t last) {
    const auto rows = engine.table(fmt::format(
        "{} WHERE published.__row >= {} AND published.__row < {} ORDER BY published.__row", select,
        first, last));
    if (rows->num_rows() != last - first)
      throw Error(ErrorKind::kBug, "a batch of rows has another length than asked for");
    std::vector<std::shared_ptr<arrow::Table>> lists;
    for (const auto& pit : pits) lists.push_back(pit->aggregate(first, last));
    return assemble(*rows, lists);
  };
  const auto staged = work_.path() / ("dt=" + day_);
  std::filesystem::create_directory(staged);
  ParquetSink sink(staged, batch(0, 0)->schema(), config_.runtime.entity_spine_chunk_rows);
  for (std::int64_t first = 0; first < rows_; first += kBatchRows) {
    sink.write(*batch(first, std::min(first + kBatchRows, rows_)));
  }
  return sink.finish();
}

DayReport DayRun::publish(const std::vector<PartFile>& parts) {
  const auto staged = work_.path() / ("dt=" + day_);
  DayReport report;
  report.day = day_;
  report.status = DayStatus::kPublished;
  report.row_accounting = account_rows(config_, plan_, counts_);
  report.rows_out = sum_rows(parts);
  if (report.rows_out != rows_)
    throw Error(ErrorKind::kDataCheck,
                fmt::format("{} rows were written of {}", report.rows_out, rows_));
  check_accounts(report.row_accounting, rows_);
  Manifest manifest{day_,
                    context_.fingerprint,
                    input_files(context_.catalog, plan_.day),
                    report.row_accounting,
                    {},
                    {},
                    parts};
  for (const std::string& column : plan_.encoded) {
    auto& values = manifest.unknown_values[column];
    if (const auto unknown = counts_.find("unknown_" + column); unknown != counts_.end()) {
      for (const auto& [value, rows] : unknown->second) values.push_back(value);
    }
  }
  Engine engine(config_.runtime.duckdb_config);
  manifest.columns =
      engine.describe(fmt::format("SELECT * FROM read_parquet({}, hive_partitioning = false)",
                                  quote_text((staged / parts.front().name).string())));
  write_file_synced(staged / "_manifest.json", manifest.to_json());
  publish_directory(staged, config_.runtime.output_root / ("dt=" + day_));
  for (const PartFile& part : parts) report.bytes += part.bytes;
  return report;
}

}  // namespace daedalus
