#include "run/entity_table.h"

#include <arrow/api.h>
#include <gtest/gtest.h>

#include "sink/work_directory.h"

namespace daedalus {
namespace {

// Three entities, the second without features.
constexpr const char* kEntities =
    "SELECT * FROM (VALUES ('a', 7, [], 0), ('b', NULL, NULL, 1), ('c', 9, ['x', NULL], 2)) AS "
    "t(id, w, tags, __row) ORDER BY __row";

constexpr const char* kMixed =
    "SELECT * FROM (VALUES (2::BIGINT, 0), (1, 1), (2, 2), (0, 3), (2, 4)) AS t(n, __row)";
constexpr const char* kByNumber =
    "SELECT * FROM (VALUES (0::BIGINT, 0), (0, 1), (2, 2), (2, 3)) AS t(n, __row)";

struct Way {
  const char* rows;  // by number or not
  bool rows_by_number;
  bool held;
};
constexpr Way kHeld{kMixed, false, true};
constexpr Way kJoined{kMixed, false, false};
constexpr Way kSideBySide{kByNumber, true, false};
constexpr Way kHeldByNumber{kByNumber, true, true};

StageResults made(const Way& way) {
  StageResults results;
  results.files["published_rows"] = way.rows;
  if (way.held) {
    const std::string select = std::string("SELECT * EXCLUDE (__row) FROM (") + kEntities + ")";
    results.tables["entities"] = Engine({}).table(select)->CombineChunksToBatch().ValueOrDie();
  } else {
    results.files["entities"] = kEntities;
  }
  return results;
}

// All rows with their columns, read `step` at a time.
std::shared_ptr<arrow::Table> fetched(const Way& way, std::int64_t step) {
  const WorkDirectory work(testing::TempDir(), "entity_table_test");
  EntityTable entities({"entities", "n", way.rows_by_number, ""}, made(way), "published_rows",
                       work.path(), {{}, {work.path()}});
  Engine engine({});
  const auto rows = engine.stream(std::string("SELECT n FROM (") + way.rows + ") ORDER BY __row");
  std::vector<std::shared_ptr<arrow::Table>> read;
  do {
    read.push_back(entities.add_to(*rows->next(step)));
  } while (read.back()->num_rows() > 0);
  return arrow::ConcatenateTables(read).ValueOrDie()->CombineChunks().ValueOrDie();
}

std::string text(const arrow::Table& table, const std::string& column) {
  return table.GetColumnByName(column)->chunk(0)->ToString();
}

class EntityTableTest : public testing::TestWithParam<Way> {};

TEST_P(EntityTableTest, RowsGetTheColumnsOfTheirEntities) {
  for (const std::int64_t step : {1, 2, 4'096}) {
    const auto table = fetched(GetParam(), step);
    EXPECT_EQ(text(*table, "n"), "[\n  2,\n  1,\n  2,\n  0,\n  2\n]");
    EXPECT_EQ(text(*table, "id"), "[\n  \"c\",\n  \"b\",\n  \"c\",\n  \"a\",\n  \"c\"\n]");
    EXPECT_EQ(text(*table, "w"), "[\n  9,\n  null,\n  9,\n  7,\n  9\n]");
    const auto& tags =
        static_cast<const arrow::ListArray&>(*table->GetColumnByName("tags")->chunk(0));
    EXPECT_TRUE(tags.IsNull(1));
    EXPECT_EQ(tags.value_length(3), 0);
    EXPECT_EQ(tags.value_slice(4)->ToString(), "[\n  \"x\",\n  null\n]");
  }
}

INSTANTIATE_TEST_SUITE_P(HeldAndJoined, EntityTableTest, testing::Values(kHeld, kJoined));

class EntityTableByNumberTest : public testing::TestWithParam<Way> {};

TEST_P(EntityTableByNumberTest, RowsGetTheColumnsOfTheirEntities) {
  for (const std::int64_t step : {1, 3, 4'096}) {
    const auto table = fetched(GetParam(), step);
    EXPECT_EQ(text(*table, "n"), "[\n  0,\n  0,\n  2,\n  2\n]");
    EXPECT_EQ(text(*table, "id"), "[\n  \"a\",\n  \"a\",\n  \"c\",\n  \"c\"\n]");
  }
}

INSTANTIATE_TEST_SUITE_P(HeldAndSideBySide, EntityTableByNumberTest,
                         testing::Values(kHeldByNumber, kSideBySide));

// More entities than are read at once, and rows of few: of neighbours on both sides of a reading,
// and far ones.
TEST(EntityTable, ReadsOnAndForgets) {
  StageResults results;
  results.files["entities"] =
      "SELECT 'u' || range AS id, range AS __row FROM range(100000) ORDER BY range";
  EntityTable entities({"entities", "n", true, ""}, results, "published_rows", {}, {});
  Engine engine({});
  const auto rows = engine.stream(
      "SELECT unnest([5, 16383, 16384, 16384, 16400, 70000, 70000, 99999]::BIGINT[]) AS n");
  const auto first = entities.add_to(*rows->next(3));
  EXPECT_EQ(text(*first, "id"), "[\n  \"u5\",\n  \"u16383\",\n  \"u16384\"\n]");
  const auto second = entities.add_to(*rows->next(4));
  EXPECT_EQ(text(*second, "id"), "[\n  \"u16384\",\n  \"u16400\",\n  \"u70000\",\n  \"u70000\"\n]");
  const auto last = entities.add_to(*rows->next(4));
  EXPECT_EQ(text(*last, "id"), "[\n  \"u99999\"\n]");
}

TEST(EntityTable, MissesNoEntityQuietly) {
  EntityTable entities({"entities", "n", true, ""}, made(kSideBySide), "published_rows", {}, {});
  EXPECT_THROW(entities.add_to(*Engine({}).table("SELECT 3::BIGINT AS n")), Error);
}

}  // namespace
}  // namespace daedalus
