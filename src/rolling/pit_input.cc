#include "daedalus/pit_input.h"

#include <arrow/api.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/embedded.h"
#include "base/template.h"
#include "catalog/source_relation.h"
#include "engine/engine.h"
#include "engine/quote.h"
#include "rolling/given_table.h"
#include "rolling/pit_spec.h"
#include "rolling/row_order.h"

namespace daedalus {
namespace {

using Agg = AggregationSpec::Agg;

// Between DuckDB and DuckDB, for a moment.
constexpr const char* kFileFormat = "FORMAT parquet, COMPRESSION lz4_raw";

const std::vector<std::string> kEventKeys{"user_id", "artwork_id", "event_timestamp", "event"};
const std::vector<std::string> kRowKeys{"user_id", "event_timestamp"};

std::string file_select(const std::filesystem::path& path, const std::string& row_number) {
  return fmt::format(
      "SELECT * EXCLUDE (file_row_number), file_row_number AS {} FROM read_parquet({}, "
      "file_row_number = true, hive_partitioning = false)",
      row_number, quote_text(path.string()));
}

std::vector<std::string> event_names_of(const std::vector<PitSpec>& specs) {
  std::set<std::string> names;
  for (const PitSpec& pit : specs) names.insert(pit.spec.events.begin(), pit.spec.events.end());
  return {names.begin(), names.end()};
}

// The columns that are listed, each once, or with `own` those whose own value a row needs.
std::set<std::string> listed_columns(const std::vector<PitSpec>& specs, bool own = false) {
  std::set<std::string> columns;
  for (const PitSpec& pit : specs) {
    if (pit.spec.agg == Agg::kList && (pit.spec.exclude_self || !own))
      columns.insert(pit.spec.column);
  }
  return columns;
}

std::string sql(const char* file, const std::map<std::string, std::string>& markers = {}) {
  return fill_template(embedded_file(fmt::format("sql/rolling/{}.sql", file)), markers);
}

void check_output_names(const std::vector<PitSpec>& specs, const GivenTable& rows,
                        std::vector<Problem>& problems) {
  std::set<std::string> taken;
  for (const PitSpec& pit : specs) {
    for (const std::string& name : pit.output_names) {
      if (rows.has(name)) {
        problems.push_back(
            {{},
             fmt::format("{}: the rows have a column '{}' already", pit.spec.name, name),
             "give one of them another name"});
      } else if (!taken.insert(name).second) {
        problems.push_back({{},
                            fmt::format("two aggregations yield a column '{}'", name),
                            "give one of them another name"});
      }
    }
  }
}

void throw_unless_empty(ErrorKind kind, std::vector<Problem> problems) {
  if (!problems.empty()) throw Error(kind, std::move(problems));
}

void check(Engine& engine, const std::vector<PitSpec>& specs, const GivenTable& events,
           const GivenTable& rows) {
  std::vector<Problem> problems;
  events.check_key_columns(kEventKeys, problems);
  rows.check_key_columns(kRowKeys, problems);
  throw_unless_empty(ErrorKind::kInput, std::move(problems));
  problems.clear();
  if (specs.empty()) problems.push_back({{}, "no aggregation is given", "give at least one"});
  check_output_names(specs, rows, problems);
  for (const PitSpec& pit : specs) events.check_listed(pit.spec, rows, problems);
  throw_unless_empty(ErrorKind::kConfig, std::move(problems));
  if (!same_key_kind(events.type_of("user_id"), rows.type_of("user_id"))) {
    throw Error(ErrorKind::kInput,
                fmt::format("user_id is {} in the events and {} in the rows",
                            events.type_of("user_id"), rows.type_of("user_id")),
                "make both text or both integers");
  }
  events.check_key_values(engine, kEventKeys);
  rows.check_key_values(engine, {"event_timestamp"});  // without a user there are no events
}

}  // namespace

PitInput::PitInput(const std::shared_ptr<arrow::Table>& events,
                   const std::shared_ptr<arrow::Table>& rows,
                   const std::vector<AggregationSpec>& specs,
                   const std::map<std::string, std::string>& settings)
    : settings_{settings, {}}, specs_(pit_specs(specs)) {
  directory_ = make_scratch_directory(settings);
  settings_.directories.push_back(*directory_);
  settings_.duckdb.try_emplace("temp_directory", (*directory_ / "spill").string());
  number(events, rows);
}

void PitInput::number(const std::shared_ptr<arrow::Table>& events,
                      const std::shared_ptr<arrow::Table>& rows) {
  Engine engine(settings_);
  const GivenTable given_events(engine, "events", events, *directory_ / "given_events.parquet");
  const GivenTable given_rows =
      rows == nullptr ? given_events.as("rows")
                      : GivenTable(engine, "rows", rows, *directory_ / "given_rows.parquet");
  check(engine, specs_, given_events, given_rows);

  engine.create_view("events", given_events.select(kEventKeys));
  engine.create_view("rows", given_rows.select(kRowKeys));
  engine.execute("CREATE TEMP TABLE users AS " + sql("number_users"));
  table_.event_names = event_names_of(specs_);
  std::string values;
  for (const std::string& column : listed_columns(specs_))
    values += fmt::format(", {} AS {}", given_events.expression(column), quote_identifier(column));
  std::string own_values;
  for (const std::string& column : listed_columns(specs_, true)) {
    own_values += fmt::format(", {} AS {}", given_rows.own_expression(column, given_events),
                              quote_identifier("__own_" + column));
  }
  const auto write = [&](const std::filesystem::path& file, const std::string& select) {
    engine.execute(
        fmt::format("COPY ({}) TO {} ({})", select, quote_text(file.string()), kFileFormat));
  };
  write(events_file(),
        sql("number_events", {{"event_names", quote_text_list(table_.event_names)},
                              {"values", values},
                              {"other_columns", given_events.other_columns(kEventKeys)}}));
  write(rows_file(), sql("number_rows", {{"own_values", own_values}}));
  table_.events = file_select(events_file(), "__seq");
  table_.rows = file_select(rows_file(), "__row_id");
  table_.rows_by_key = true;
  schema_ = engine.stream(empty_result_select(specs_, table_.events))->schema();
  row_ids_ = row_ids_by_place(
      *engine.table(fmt::format("SELECT __place FROM ({}) ORDER BY __row_id", table_.rows)));
}

std::shared_ptr<arrow::Table> PitInput::in_given_order(std::shared_ptr<arrow::Table> result) const {
  return row_ids_.empty() ? std::move(result) : rows_in_order(std::move(result), row_ids_);
}

std::shared_ptr<arrow::Table> aggregate_pit_table(const PitInput& input,
                                                  const std::string& engine) {
  const std::unique_ptr<PitEngine> made = make_pit_engine(
      engine, input.table(), input.specs(), input.settings(), arrow::default_memory_pool());
  return input.in_given_order(all_rows(*made));
}

}  // namespace daedalus
