#include "run/side_by_side.h"

#include <arrow/api.h>

#include <algorithm>

#include "base/parallel.h"
#include "daedalus/error.h"

namespace daedalus {

std::shared_ptr<arrow::Table> SideBySide::next(std::int64_t rows) {
  ahead_.resize(sources_.size());
  std::int64_t shortest = rows;
  std::int64_t longest = 0;
  parallel_for(sources_.size(), threads_, [&](std::size_t i) {
    if (ahead_[i] == nullptr || ahead_[i]->num_rows() == 0) ahead_[i] = sources_[i](rows);
  });
  for (const auto& table : ahead_) {
    shortest = std::min(shortest, table->num_rows());
    longest = std::max(longest, table->num_rows());
  }
  if (shortest == 0 && longest > 0)
    throw Error(ErrorKind::kBug, "sources of the same rows differ in their number");
  std::vector<std::shared_ptr<arrow::Field>> fields;
  std::vector<std::shared_ptr<arrow::ChunkedArray>> columns;
  for (std::shared_ptr<arrow::Table>& table : ahead_) {
    for (int i = 0; i < table->num_columns(); ++i) {
      fields.push_back(table->field(i));
      columns.push_back(table->column(i)->Slice(0, shortest));
    }
    table = table->Slice(shortest);
  }
  return arrow::Table::Make(arrow::schema(std::move(fields)), std::move(columns), shortest);
}

}  // namespace daedalus
