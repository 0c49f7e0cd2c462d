#include "rolling/row_order.h"

#include <arrow/api.h>
#include <gtest/gtest.h>

#include <numeric>

#include "engine/engine.h"

namespace daedalus {
namespace {

// Lists of every kind of element, and counts, of rows 0, 1, 2, …; those of row 1 are empty.
std::shared_ptr<arrow::Table> rows(int count, const std::string& order) {
  return Engine({}).table(
      "SELECT [i || repeat('x', j % 5) for j in range(n)] AS strings, range(n) AS numbers, [[i || "
      "'y'], [], [NULL, 'z']][:n] AS nested, i AS counts FROM (SELECT i, (i + 6) % 7 AS n FROM "
      "range(" +
      std::to_string(count) + ") AS r(i)) ORDER BY " + order);
}

TEST(RowsInOrder, TakesRowsOfSeveralChunks) {
  const auto made = rows(5, "i");
  const auto chunked = arrow::ConcatenateTables({made->Slice(0, 1), made->Slice(1, 3),
                                                 made->Slice(4, 0), made->Slice(4, 1)})
                           .ValueOrDie();
  const auto ordered = rows_in_order(chunked, {3, 0, 4, 2, 1});
  EXPECT_TRUE(ordered->ValidateFull().ok());
  EXPECT_TRUE(ordered->Equals(*rows(5, "list_position([3, 0, 4, 2, 1], i)")))
      << ordered->ToString();
}

TEST(RowsInOrder, MayBeMoreThanAPiece) {
  constexpr int kRows = 40'000;
  std::vector<std::int64_t> ids(kRows);
  std::iota(ids.rbegin(), ids.rend(), 0);
  const auto ordered = rows_in_order(rows(kRows, "i"), ids);
  EXPECT_GT(ordered->column(0)->num_chunks(), 1);
  EXPECT_TRUE(ordered->Equals(*rows(kRows, "i DESC")));
}

}  // namespace
}  // namespace daedalus
