#include "rolling/row_order.h"

#include <arrow/api.h>

#include <algorithm>

#include "rolling/arrow_value.h"

namespace daedalus {
namespace {

// Rows of one piece of the result.
constexpr std::int64_t kPieceRows = 16'384;

// Rows asked for at once.
constexpr std::int64_t kSliceRows = 65'536;

// The value of a result that holds lists.
template <typename T>
T held(arrow::Result<T> result) {
  return value_of(std::move(result), "lists can't be held",
                  "free some memory, or aggregate fewer rows at a time");
}

// Finds a row of a column in chunks.
class ChunkOf {
 public:
  explicit ChunkOf(const arrow::ChunkedArray& column) : column_(column) {
    for (const auto& chunk : column.chunks()) begin_.push_back(begin_.back() + chunk->length());
  }
  // The chunk, and the row's number in it.
  std::pair<const arrow::Array*, std::int64_t> operator()(std::int64_t row) const {
    const auto after = std::ranges::upper_bound(begin_, row);
    const auto chunk = static_cast<int>(after - begin_.begin()) - 1;
    return {column_.chunk(chunk).get(), row - begin_[static_cast<std::size_t>(chunk)]};
  }

 private:
  const arrow::ChunkedArray& column_;
  std::vector<std::int64_t> begin_{0};
};

arrow::Result<std::shared_ptr<arrow::ChunkedArray>> column_in_order(
    const arrow::ChunkedArray& column, const std::vector<std::int64_t>& rows) {
  const ChunkOf chunk_of(column);
  arrow::ArrayVector pieces;
  const auto builder_of = [&] { return arrow::MakeBuilder(column.type()); };
  ARROW_ASSIGN_OR_RAISE(auto builder, builder_of());
  for (const std::int64_t row : rows) {
    const auto [chunk, at] = chunk_of(row);
    ARROW_RETURN_NOT_OK(builder->AppendArraySlice(*chunk->data(), at, 1));
    if (builder->length() < kPieceRows) continue;
    ARROW_ASSIGN_OR_RAISE(pieces.emplace_back(), builder->Finish());
  }
  ARROW_ASSIGN_OR_RAISE(pieces.emplace_back(), builder->Finish());
  return arrow::ChunkedArray::Make(std::move(pieces), column.type());
}

}  // namespace

std::shared_ptr<arrow::Table> all_rows(PitEngine& engine) {
  std::vector<std::shared_ptr<arrow::Table>> tables{engine.next(0)};
  do {
    tables.push_back(engine.next(kSliceRows));
  } while (tables.back()->num_rows() > 0);
  return held(arrow::ConcatenateTables(tables));
}

std::vector<std::int64_t> row_ids_by_place(const arrow::Table& places) {
  std::vector<std::int64_t> ids(static_cast<std::size_t>(places.num_rows()));
  std::int64_t id = 0;
  bool is_identity = true;
  for (const auto& chunk : places.column(0)->chunks()) {
    const auto& values = static_cast<const arrow::Int64Array&>(*chunk);
    for (std::int64_t i = 0; i < values.length(); ++i, ++id) {
      is_identity = is_identity && values.Value(i) == id;
      ids.at(static_cast<std::size_t>(values.Value(i))) = id;
    }
  }
  if (is_identity) ids.clear();
  return ids;
}

std::shared_ptr<arrow::Table> rows_in_order(const arrow::Table& table,
                                            const std::vector<std::int64_t>& rows) {
  std::vector<std::shared_ptr<arrow::ChunkedArray>> columns;
  for (const auto& column : table.columns())
    columns.push_back(held(column_in_order(*column, rows)));
  return arrow::Table::Make(table.schema(), std::move(columns),
                            static_cast<std::int64_t>(rows.size()));
}

}  // namespace daedalus
