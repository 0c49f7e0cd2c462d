#include "run/entity_table.h"

#include <arrow/api.h>
#include <arrow/compute/api_vector.h>
#include <arrow/util/byte_size.h>
#include <fmt/format.h>

#include <utility>
#include <vector>

#include "rolling/arrow_value.h"
#include "rolling/pit_block.h"

namespace daedalus {
namespace {

constexpr std::int64_t kReadEntities = 65'536;

constexpr const char* kFeatures = "features can't be fetched";

}  // namespace

EntityTable::EntityTable(EntityColumns columns, const std::string& rows, const RelationFiles& files,
                         const EngineSettings& settings, std::int64_t held_bytes)
    : columns_(std::move(columns)), engine_(settings) {
  for (const auto& [name, select] : files) engine_.create_view(name, select);
  if (hold(held_bytes)) return;
  joined_ = engine_.stream(
      fmt::format("SELECT {} FROM {} JOIN ({}) AS published ON published.{} = entity.{} ORDER BY "
                  "published.__row",
                  columns_.columns, columns_.entities, rows, columns_.number, columns_.number));
}

bool EntityTable::hold(std::int64_t held_bytes) {
  const auto entities =
      engine_.stream(fmt::format("SELECT {} FROM {} ORDER BY entity.{}", columns_.columns,
                                 columns_.entities, columns_.number));
  std::vector<std::shared_ptr<arrow::Table>> read;
  std::int64_t bytes = 0;
  do {
    read.push_back(entities->next(kReadEntities));
    bytes += arrow::util::TotalBufferSize(*read.back());
    if (bytes > held_bytes) return false;
  } while (read.back()->num_rows() > 0);
  held_ = value_of(value_of(arrow::ConcatenateTables(read), kFeatures)->CombineChunksToBatch(),
                   kFeatures);
  return true;
}

std::shared_ptr<arrow::Table> EntityTable::add_to(const arrow::Table& rows) {
  std::shared_ptr<arrow::Table> fetched;
  if (held_ != nullptr) {
    const arrow::Datum taken =
        value_of(arrow::compute::Take(held_, only_chunk(rows, columns_.number)), kFeatures);
    fetched = value_of(arrow::Table::FromRecordBatches({taken.record_batch()}), kFeatures);
  } else {
    fetched = joined_->next(rows.num_rows());
  }
  std::vector<std::shared_ptr<arrow::Field>> fields = rows.fields();
  std::vector<std::shared_ptr<arrow::ChunkedArray>> columns = rows.columns();
  for (int i = 0; i < fetched->num_columns(); ++i) {
    fields.push_back(fetched->field(i));
    columns.push_back(fetched->column(i));
  }
  return arrow::Table::Make(arrow::schema(std::move(fields)), std::move(columns), rows.num_rows());
}

}  // namespace daedalus
