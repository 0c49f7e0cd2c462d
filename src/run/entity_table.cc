#include "run/entity_table.h"

#include <arrow/api.h>
#include <arrow/compute/api_vector.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "daedalus/error.h"
#include "engine/quote.h"
#include "rolling/arrow_value.h"
#include "rolling/pit_block.h"

namespace daedalus {
namespace {

// Entities read at once, where the rows are in their order.
constexpr std::int64_t kReadEntities = 16'384;

constexpr const char* kFeatures = "features can't be fetched";

}  // namespace

EntityTable::EntityTable(const EntityColumns& columns, const StageResults& made,
                         const std::string& rows, const std::filesystem::path& directory,
                         const EngineSettings& settings)
    : number_(columns.number), engine_(settings) {
  if (const auto table = made.tables.find(columns.relation); table != made.tables.end()) {
    held_ = table->second;
    return;
  }
  const std::string& entities = made.files.at(columns.relation);
  if (columns.rows_by_number) {
    by_number_ = engine_.stream(fmt::format("SELECT * EXCLUDE (__row) FROM ({})", entities));
    held_ = value_of(by_number_->next(0)->CombineChunksToBatch(), kFeatures);
    return;
  }
  const std::filesystem::path path = directory / (columns.relation + ".parquet");
  write_file(engine_,
             fmt::format("SELECT entity.* EXCLUDE (__row) FROM ({}) AS entity JOIN ({}) AS "
                         "published ON published.{} = entity.__row ORDER BY published.__row",
                         entities, made.files.at(rows), quote_identifier(number_)),
             path);
  joined_ = engine_.stream(select_file(path));
}

// Reads on until the entities `first` to `last` are held, and forgets those before them.
void EntityTable::hold_between(std::int64_t first, std::int64_t last) {
  while (first_held_ + held_->num_rows() <= last) {
    const auto more = by_number_->next(kReadEntities);
    if (more->num_rows() == 0)
      throw Error(ErrorKind::kBug, fmt::format("{} {} has no columns", number_, last));
    const std::int64_t forgotten = std::min(first - first_held_, held_->num_rows());
    const auto kept =
        value_of(arrow::Table::FromRecordBatches({held_->Slice(forgotten)}), kFeatures);
    held_ = value_of(
        value_of(arrow::ConcatenateTables({kept, more}), kFeatures)->CombineChunksToBatch(),
        kFeatures);
    first_held_ += forgotten;
  }
}

std::shared_ptr<arrow::Table> EntityTable::taken(const arrow::Int64Array& numbers) const {
  std::vector<std::int64_t> places(numbers.raw_values(), numbers.raw_values() + numbers.length());
  for (std::int64_t& place : places) place -= first_held_;
  const auto indices = std::make_shared<arrow::Int64Array>(
      numbers.length(), arrow::Buffer::FromVector(std::move(places)));
  const arrow::Datum columns = value_of(arrow::compute::Take(held_, indices), kFeatures);
  return value_of(arrow::Table::FromRecordBatches({columns.record_batch()}), kFeatures);
}

std::shared_ptr<arrow::Table> EntityTable::add_to(const arrow::Table& rows) {
  std::shared_ptr<arrow::Table> fetched;
  if (joined_ != nullptr) {
    fetched = joined_->next(rows.num_rows());
  } else {
    const auto column = only_chunk(rows, number_);
    const auto& numbers = static_cast<const arrow::Int64Array&>(*column);
    if (by_number_ != nullptr && numbers.length() > 0)
      hold_between(numbers.Value(0), numbers.Value(numbers.length() - 1));
    fetched = taken(numbers);
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
