#include "run/stage_run.h"

#include <arrow/api.h>
#include <arrow/util/byte_size.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "engine/quote.h"
#include "engine/reading_fault.h"
#include "rolling/arrow_value.h"
#include "rolling/list_column.h"

namespace daedalus {
namespace {

using Form = Relation::Form;

// The most that held relations may take of memory, and of a quarter of DuckDB's memory limit.
constexpr std::int64_t kMostHeldBytes = std::int64_t{128} << 20;

bool reads(const Stage& stage, const PlanInput& input) {
  return std::ranges::find(stage.inputs, input.name) != stage.inputs.end();
}

std::string lance_sources_of(const Stage& stage) {
  return fmt::format("{}", fmt::join(stage.lance_sources, ", "));
}

std::string sources_of(const StagePlan& plan, const Stage& stage) {
  std::vector<std::string> sources;
  for (const PlanInput& input : plan.inputs) {
    if (reads(stage, input)) sources.push_back(input.source);
  }
  return sources.empty() ? "its own files" : fmt::format("{}", fmt::join(sources, ", "));
}

// The rows of a SELECT, if there is room for them beside those that are held; else null.
std::shared_ptr<arrow::RecordBatch> hold(Engine& engine, const std::string& select,
                                         const StageResults& results) {
  std::int64_t room = std::min(
      kMostHeldBytes,
      engine.query_count("SELECT parse_formatted_bytes(current_setting('memory_limit')) // 4"));
  for (const auto& [name, table] : results.tables) room -= arrow::util::TotalBufferSize(*table);
  const auto all = engine.stream(select)->rest(room);
  if (all == nullptr) return nullptr;
  const auto rows = value_of(all->CombineChunksToBatch(), "a relation can't be held");
  arrow::FieldVector fields;
  arrow::ArrayVector columns;
  for (int i = 0; i < rows->num_columns(); ++i) {
    columns.push_back(with_numbered_strings(rows->column(i)));
    fields.push_back(rows->schema()->field(i)->WithType(columns.back()->type()));
  }
  return arrow::RecordBatch::Make(arrow::schema(std::move(fields)), rows->num_rows(),
                                  std::move(columns));
}

void run_relation(Engine& engine, const Relation& relation, const std::filesystem::path& directory,
                  StageResults& results) {
  switch (relation.form) {
    case Form::kView:
      engine.create_view(relation.name, relation.sql);
      break;
    case Form::kTable:
      engine.execute(
          fmt::format("CREATE TEMP TABLE {} AS {}", quote_identifier(relation.name), relation.sql));
      break;
    case Form::kHeld:
      if (auto rows = hold(engine, relation.sql, results)) {
        results.tables[relation.name] = std::move(rows);
        break;
      }
      [[fallthrough]];
    case Form::kFile:
    case Form::kOrderedFile: {
      const auto path = directory / fmt::format("relation-{}.parquet", results.files.size());
      write_file(engine, relation.sql, path);
      results.files[relation.name] = select_file(path, relation.form == Form::kFile ? "" : "__row");
      engine.create_view(relation.name, results.files[relation.name]);
      break;
    }
    case Form::kCounts:
      for (const auto& row : engine.query(relation.sql)) {
        results.counts[relation.name][row.at(0).value_or("")] = std::stoll(row.at(1).value());
      }
      break;
  }
}

[[noreturn]] void throw_unreadable(const PlanInput& input, const PlanDataset& dataset,
                                   const Error& error) {
  const auto [what, fix] = reading_fault(dataset.path, error);
  throw Error(ErrorKind::kInput, fmt::format("{}: {} {}", input.source, dataset.path, what), fix);
}

// A reader says what is wrong with the bytes, but seldom in which of the files; and a damaged file
// may bring it down, which is no defect of ours. So each is read alone, whole, until one fails.
void blame_dataset(const StagePlan& plan, const Stage& stage, const EngineSettings& settings,
                   const Error& error) {
  const std::string_view told = error.what();
  EngineSettings own_instance = settings;
  own_instance.instance.reset();  // The stage's own may be past use.
  for (const PlanInput& input : plan.inputs) {
    if (!reads(stage, input)) continue;
    for (const PlanDataset& dataset : input.datasets) {
      if (error.kind() == ErrorKind::kInput && told.find(dataset.path) != std::string_view::npos)
        throw_unreadable(input, dataset, error);
      try {
        Engine engine(own_instance, lance_sources_of(stage));
        engine.query(fmt::format("SELECT max(hash(COLUMNS(*))) FROM ({})", dataset.select));
      } catch (const Error& alone) {
        if (alone.kind() != ErrorKind::kInput && alone.kind() != ErrorKind::kBug) throw;
        throw_unreadable(input, dataset, alone);
      }
    }
  }
}

}  // namespace

void write_file(Engine& engine, const std::string& select, const std::filesystem::path& path) {
  engine.execute(fmt::format(
      "COPY ({}) TO {} (FORMAT parquet, COMPRESSION lz4_raw, DICTIONARY_SIZE_LIMIT 1000)", select,
      quote_text(path.string())));
}

std::string select_file(const std::filesystem::path& path, const std::string& row_number) {
  const std::string file = quote_text(path.string());
  if (row_number.empty())
    return fmt::format("SELECT * FROM read_parquet({}, hive_partitioning = false)", file);
  return fmt::format(
      "SELECT * EXCLUDE (file_row_number), file_row_number AS {} FROM read_parquet({}, "
      "file_row_number = true, hive_partitioning = false)",
      row_number, file);
}

void run_stage(const StagePlan& plan, const Stage& stage, const Variables& variables,
               const EngineSettings& settings, const std::filesystem::path& directory,
               StageResults& results) {
  Engine engine(settings, lance_sources_of(stage));
  for (const auto& [name, value] : plan.variables) engine.set_variable(name, value);
  for (const auto& [name, value] : variables) engine.set_variable(name, value);
  for (const auto& [name, select] : results.files) engine.create_view(name, select);
  for (const PlanInput& input : plan.inputs) {
    if (reads(stage, input)) engine.create_view(input.name, input.select);
  }
  try {
    for (const Relation& relation : stage.relations)
      run_relation(engine, relation, directory, results);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInput || error.kind() == ErrorKind::kBug)
      blame_dataset(plan, stage, settings, error);
    if (error.kind() != ErrorKind::kInput) throw;
    throw Error(ErrorKind::kInput, fmt::format("while stage {} read {}: {}", stage.name,
                                               sources_of(plan, stage), error.what()));
  }
}

}  // namespace daedalus
