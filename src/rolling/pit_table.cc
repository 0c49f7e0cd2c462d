#include "daedalus/pit_table.h"

#include <fmt/format.h>

#include "rolling/duckdb_pit_engine.h"
#include "rolling/native_pit_engine.h"
#include "rolling/polars_pit_engine.h"

namespace daedalus {

std::vector<PitSpec> pit_specs(const std::vector<AggregationSpec>& specs) {
  std::vector<PitSpec> pits;
  pits.reserve(specs.size());
  for (const AggregationSpec& spec : specs) pits.push_back({spec, spec.output_names()});
  return pits;
}

std::unique_ptr<PitEngine> make_pit_engine(const std::string& name, const PitTable& table,
                                           const std::vector<PitSpec>& specs,
                                           const EngineSettings& settings,
                                           arrow::MemoryPool* pool) {
  if (name == "duckdb") return std::make_unique<DuckdbPitEngine>(table, specs, settings);
  if (name == "native") return std::make_unique<NativePitEngine>(table, specs, settings, pool);
  if (name == "polars") return std::make_unique<PolarsPitEngine>(table, specs, settings);
  throw Error(ErrorKind::kConfig,
              fmt::format("this build has no aggregate_pit_table engine '{}'", name),
              "use native, duckdb or polars");
}

const std::vector<std::string>& pit_engine_names() {
  static const std::vector<std::string> kNames{"native", "duckdb"};
  return kNames;
}

}  // namespace daedalus
