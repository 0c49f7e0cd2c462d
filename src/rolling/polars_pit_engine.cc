#include "rolling/polars_pit_engine.h"

#include <arrow/api.h>
#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "daedalus/version.h"
#include "engine/quote.h"
#include "rolling/given_table.h"
#include "rolling/pit_spec.h"
#include "rolling/python_process.h"

namespace daedalus {
namespace {

constexpr const char* kModule = "daedalus._polars_engine";

// Events or rows without {0}, in the order of {3}. Polars joins by no struct: keys go as numbers.
constexpr const char* kNumbered =
    "SELECT given.* EXCLUDE ({0}) REPLACE (keys.number AS __key) FROM ({1}) AS given "
    "{2} JOIN keys ON given.__key = keys.__key ORDER BY {3}";

std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.find_last_of('\n') + 1);
}

}  // namespace

void require_polars() {
  const ProcessResult result =
      run_python(fmt::format("import {}, daedalus; assert daedalus.__version__ == '{}', "
                             "f'daedalus is of version {{daedalus.__version__}}, not {}'",
                             kModule, kVersion, kVersion));
  if (result.exit_code == 0) return;
  throw Error(ErrorKind::kConfig,
              fmt::format("the engine 'polars' needs the Python package daedalus with polars: {}",
                          last_line(result.errors)),
              fmt::format("{} -m pip install '.[polars]' in a clone of Daedalus, or name another "
                          "interpreter in DAEDALUS_PYTHON",
                          python_command()));
}

PolarsPitEngine::PolarsPitEngine(const PitTable& table, const std::vector<PitSpec>& specs,
                                 const EngineSettings& settings)
    : directory_(make_scratch_directory(settings.duckdb)), engine_(settings.with(*directory_)) {
  write_input(table, specs);
  make_lists();
  lists_ = engine_.stream(fmt::format("SELECT * FROM read_parquet({}, hive_partitioning = false)",
                                      quote_text((*directory_ / "lists.parquet").string())));
}

std::shared_ptr<arrow::Table> PolarsPitEngine::next(std::int64_t rows) {
  return lists_->next(rows);
}

void PolarsPitEngine::write_input(const PitTable& table, const std::vector<PitSpec>& specs) {
  const auto write = [&](const std::string& select, const char* name) {
    engine_.execute(fmt::format("COPY ({}) TO {} (FORMAT parquet, COMPRESSION lz4_raw)", select,
                                quote_text((*directory_ / name).string())));
  };
  engine_.execute(
      fmt::format("CREATE TEMP TABLE keys AS SELECT __key, row_number() OVER () AS number "
                  "FROM (SELECT DISTINCT __key FROM ({}) WHERE __key IS NOT NULL)",
                  table.rows));
  const std::string events = joined_events(table);
  write(fmt::format(kNumbered, "__seq", events, "INNER", "keys.number, given.__seq"),
        "events.parquet");
  write(fmt::format(kNumbered, "__row_id", joined_rows(table), "LEFT", "given.__row_id"),
        "rows.parquet");
  write(empty_result_select(specs, events), "empty_result.parquet");
  const nlohmann::json names(table.event_names);
  std::ofstream file(*directory_ / "specs.json");
  file << fmt::format(R"({{"event_names": {}, "specs": {}}})", names.dump(), to_json(specs));
  if (!file.flush())
    throw Error(ErrorKind::kEnvironment, "can't write " + (*directory_ / "specs.json").string());
}

void PolarsPitEngine::make_lists() const {
  const ProcessResult result =
      run_python(fmt::format("import runpy; runpy.run_module('{}', run_name='__main__')", kModule),
                 {directory_->string()});
  if (result.exit_code == 0) return;
  const bool is_machine =
      result.exit_code == exit_code(ErrorKind::kEnvironment) || result.exit_code > 128;
  throw Error(is_machine ? ErrorKind::kEnvironment : ErrorKind::kBug,
              fmt::format("the engine 'polars' ended with exit code {}: {}", result.exit_code,
                          last_line(result.errors)));
}

}  // namespace daedalus
