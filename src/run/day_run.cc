#include "run/day_run.h"

#include <arrow/api.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <future>
#include <limits>
#include <thread>

#include "engine/quote.h"
#include "sink/parquet_sink.h"
#include "sink/qid_map.h"

namespace daedalus {
namespace {

// Read once or twice and thrown away: what writes and reads fast counts, not what is small.
constexpr const char* kStageFormat =
    "FORMAT parquet, COMPRESSION lz4_raw, DICTIONARY_SIZE_LIMIT 1000";

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

// Threads of one day: as many as its DuckDB instances have.
int threads_of(const Config& config) {
  const auto& settings = config.runtime.duckdb_config;
  const auto given = settings.find("threads");
  const auto all = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  return given == settings.end() ? all : std::stoi(given->second);
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
      engine.execute(fmt::format("COPY ({}) TO {} ({})", relation.sql, quote_text(path.string()),
                                 kStageFormat));
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
  // Items come in the order of their numbers; the row number of their file is one column too many.
  const PitTable table{
      fmt::format("SELECT * EXCLUDE (__row), __row AS __seq FROM ({})", files_.at(use.events)),
      use.items.empty() ? ""
                        : fmt::format("SELECT * EXCLUDE (__row) FROM ({})", files_.at(use.items)),
      use.event_names, pit_rows_select(plan_, use, files_.at(rows)), use.rows_by_key};
  return make_pit_engine(context_.engine, table, use.specs, config_.runtime.duckdb_config);
}

void DayRun::make_early_lists() {
  for (const PitUse& use : plan_.early) {
    const auto directory = work_.path() / use.name;
    std::filesystem::create_directory(directory);
    const std::unique_ptr<PitEngine> lists = pit_engine(use, "target_rows");
    write_all([&](std::int64_t rows) { return lists->next(rows); }, directory,
              std::numeric_limits<std::int64_t>::max());
    files_[use.name] = select_file(directory / "part-0-0.parquet", "__row_id");
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
    return source(std::min(ParquetSink::kSliceRows - of_part % ParquetSink::kSliceRows,
                           rows_per_part - of_part));
  };
  std::shared_ptr<arrow::Table> batch = make_next();
  ParquetSink sink(directory, batch->schema(), rows_per_part, threads_of(config_));
  while (batch->num_rows() > 0) {
    done += batch->num_rows();
    std::future<std::shared_ptr<arrow::Table>> ahead = std::async(std::launch::async, make_next);
    sink.write(*batch);
    batch = ahead.get();
  }
  return sink.finish();
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

// The columns of the output that published_rows has.
std::string DayRun::rows_select() const {
  std::vector<std::string> items;
  for (const OutputItem& item : plan_.output) {
    if (item.source == OutputItem::Source::kRow) items.push_back(quote_identifier(item.name));
  }
  // A day whose output is lists alone still needs its number of rows.
  if (items.empty()) items.emplace_back("__row");
  return fmt::format("SELECT {} FROM ({})", fmt::join(items, ", "), files_.at(kPublishedRows));
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
        qid, quote_identifier(item.name), files_.at(kPublishedRows), qid_map);
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

std::vector<PartFile> DayRun::write_parts(const std::string& qid_map) {
  Engine row_engine(config_.runtime.duckdb_config);
  rows_ =
      row_engine.query_count(fmt::format("SELECT count(*) FROM ({})", files_.at(kPublishedRows)));
  const std::unique_ptr<ResultStream> rows = row_engine.stream(rows_select());
  std::vector<ColumnSource> sources{[&](std::int64_t count) { return rows->next(count); }};
  Engine qid_engine(config_.runtime.duckdb_config);
  std::unique_ptr<ResultStream> qids;
  if (const auto select = qid_select(qid_map)) {
    qids = qid_engine.stream(*select);
    sources.emplace_back([&](std::int64_t count) { return qids->next(count); });
  }
  std::vector<std::unique_ptr<PitEngine>> lists;
  for (const PitUse& use : plan_.late) {
    lists.push_back(pit_engine(use, kPublishedRows));
    sources.emplace_back(
        [engine = lists.back().get()](std::int64_t count) { return engine->next(count); });
  }
  SideBySide columns(std::move(sources));
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
  report.row_accounting = account_rows(config_, plan_, counts_);
  report.rows_out = sum_rows(parts);
  if (report.rows_out != rows_)
    throw Error(ErrorKind::kDataCheck,
                fmt::format("{} rows were written of {}", report.rows_out, rows_));
  check_accounts(report.row_accounting, rows_);
  Manifest manifest{day_,
                    context_.recipe,
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
  publish_directory(staged, day_directory(config_.runtime.output_root, plan_.day));
  for (const PartFile& part : parts) report.bytes += part.bytes;
  return report;
}

}  // namespace daedalus
