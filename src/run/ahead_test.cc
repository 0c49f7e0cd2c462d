#include "run/ahead.h"

#include <arrow/api.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace daedalus {
namespace {

// A table of `rows` rows of eight bytes.
std::shared_ptr<arrow::Table> table_of(std::int64_t rows) {
  arrow::Int64Builder values;
  EXPECT_TRUE(values.AppendValues(std::vector<std::int64_t>(static_cast<std::size_t>(rows))).ok());
  return arrow::Table::Make(arrow::schema({arrow::field("x", arrow::int64())}),
                            {values.Finish().ValueOrDie()});
}

TEST(Ahead, GivesAllTablesInTheirOrderAndThenOneWithoutRows) {
  for (const std::int64_t bytes : {0, 100, 1'000'000}) {
    std::int64_t left = 9;
    Ahead ahead([&] { return table_of(left--); }, bytes);
    for (std::int64_t rows = 9; rows >= 0; --rows) EXPECT_EQ(ahead.next()->num_rows(), rows);
  }
}

TEST(Ahead, ThrowsWhatItsSourceThrewAfterWhatItGave) {
  std::int64_t made = 0;
  Ahead ahead(
      [&] {
        if (made == 2) throw std::runtime_error("broken");
        return table_of(++made);
      },
      1'000'000);
  EXPECT_EQ(ahead.next()->num_rows(), 1);
  EXPECT_EQ(ahead.next()->num_rows(), 2);
  EXPECT_THROW(ahead.next(), std::runtime_error);
}

TEST(Ahead, MakesOneMoreThanThereIsRoomFor) {
  std::atomic<int> made = 0;
  {
    Ahead ahead(
        [&] {
          ++made;
          return table_of(1'000);
        },
        10'000);
    ahead.next();
    ahead.next();
  }
  // Two were taken, one waits in the room, one more was made when it ended.
  EXPECT_LE(made, 4);
}

TEST(Ahead, ADictionaryTakesNoRoom) {
  const auto large = std::make_shared<arrow::StringArray>(
      1, arrow::Buffer::FromVector(std::vector<std::int32_t>{0, 100'000}),
      arrow::Buffer::FromString(std::string(100'000, 'x')));
  const auto one = std::make_shared<arrow::Int32Array>(
      1, arrow::Buffer::FromVector(std::vector<std::int32_t>{0}));
  const auto entry = std::make_shared<arrow::DictionaryArray>(
      arrow::dictionary(arrow::int32(), arrow::utf8()), one, large);
  const auto table = arrow::Table::Make(arrow::schema({arrow::field("x", entry->type())}), {entry});
  std::atomic<int> made = 0;
  Ahead ahead(
      [&] {
        ++made;
        return table;
      },
      1'000);
  for (int i = 0; i < 10'000 && made < 100; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_GE(made, 100);
}

TEST(Ahead, CanEndBeforeItsSource) {
  Ahead ahead([] { return table_of(1'000); }, 0);
  EXPECT_EQ(ahead.next()->num_rows(), 1'000);
}

}  // namespace
}  // namespace daedalus
