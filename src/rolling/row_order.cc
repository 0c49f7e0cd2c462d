#include "rolling/row_order.h"

#include <arrow/api.h>

#include <algorithm>

#include "rolling/arrow_value.h"
#include "rolling/list_column.h"

namespace daedalus {
namespace {

// Rows of one piece of the result, unless their lists' bytes end it before.
constexpr std::int64_t kPieceRows = 16'384;
constexpr std::int64_t kPieceBytes = 64 << 20;

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
  explicit ChunkOf(const arrow::ChunkedArray& column) {
    for (const auto& chunk : column.chunks()) begin_.push_back(begin_.back() + chunk->length());
  }
  // The chunk's number, and the row's in it.
  std::pair<std::size_t, std::int64_t> operator()(std::int64_t row) const {
    const auto after = std::ranges::upper_bound(begin_, row);
    const auto chunk = static_cast<std::size_t>(after - begin_.begin()) - 1;
    return {chunk, row - begin_[chunk]};
  }

 private:
  std::vector<std::int64_t> begin_{0};
};

arrow::ArrayVector lists_in_order(const arrow::ChunkedArray& column,
                                  const std::vector<std::int64_t>& rows) {
  std::vector<const arrow::ListArray*> chunks;
  arrow::ArrayVector elements;
  for (const auto& chunk : column.chunks()) {
    chunks.push_back(static_cast<const arrow::ListArray*>(chunk.get()));
    elements.push_back(chunks.back()->values());
  }
  const ChunkOf chunk_of(column);
  ListColumn lists(column.type(), std::move(elements), arrow::default_memory_pool());
  arrow::ArrayVector pieces;
  std::int64_t piece_rows = 0;
  for (const std::int64_t row : rows) {
    const auto [chunk, at] = chunk_of(row);
    lists.turn_to(chunk);
    lists.append(chunks[chunk]->value_offset(at), chunks[chunk]->value_length(at));
    lists.end_row();
    if (++piece_rows < kPieceRows && lists.bytes() < kPieceBytes) continue;
    pieces.push_back(lists.finish());
    piece_rows = 0;
  }
  pieces.push_back(lists.finish());
  return pieces;
}

arrow::ArrayVector counts_in_order(const arrow::ChunkedArray& column,
                                   const std::vector<std::int64_t>& rows) {
  const ChunkOf chunk_of(column);
  std::vector<std::int64_t> counts;
  counts.reserve(rows.size());
  for (const std::int64_t row : rows) {
    const auto [chunk, at] = chunk_of(row);
    const auto& array = *column.chunk(static_cast<int>(chunk));
    counts.push_back(static_cast<const arrow::Int64Array&>(array).Value(at));
  }
  const auto length = static_cast<std::int64_t>(counts.size());
  return {
      std::make_shared<arrow::Int64Array>(length, arrow::Buffer::FromVector(std::move(counts)))};
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

std::shared_ptr<arrow::Table> rows_in_order(std::shared_ptr<arrow::Table> table,
                                            const std::vector<std::int64_t>& rows) {
  const std::shared_ptr<arrow::Schema> schema = table->schema();
  std::vector<std::shared_ptr<arrow::ChunkedArray>> columns = table->columns();
  table.reset();
  for (auto& column : columns) {
    const bool is_list = column->type()->id() == arrow::Type::LIST;
    column = held(arrow::ChunkedArray::Make(
        is_list ? lists_in_order(*column, rows) : counts_in_order(*column, rows), column->type()));
  }
  return arrow::Table::Make(schema, std::move(columns), static_cast<std::int64_t>(rows.size()));
}

}  // namespace daedalus
