#include "run/entity_table.h"

#include <arrow/api.h>
#include <gtest/gtest.h>

namespace daedalus {
namespace {

constexpr std::int64_t kNothingHeld = 0;

// Five rows of three artworks; the second has no features.
const RelationFiles& files() {
  static const RelationFiles kFiles{
      {"spine_artworks",
       "SELECT * FROM (VALUES (2, 'c'), (0, 'a'), (1, 'b')) AS t(__item, artwork_id)"},
      {"features_sizes",
       "SELECT * FROM (VALUES (2, 9, ['x', NULL]), (0, 7, [])) AS t(__item, width, tags)"}};
  return kFiles;
}

constexpr const char* kRows =
    "SELECT * FROM (VALUES (3, 0), (0, 2), (4, 2), (1, 1), (2, 2)) AS t(__row, __item)";

const EntityColumns& columns() {
  static const EntityColumns kColumns{
      "__item",
      "entity.artwork_id AS artwork_id, features_sizes.width AS w, features_sizes.tags AS tags",
      "spine_artworks entity LEFT JOIN features_sizes ON features_sizes.__item = entity.__item"};
  return kColumns;
}

// All rows with their columns, read `step` at a time.
std::shared_ptr<arrow::Table> fetched(std::int64_t held_bytes, std::int64_t step) {
  EntityTable entities(columns(), kRows, files(), {}, held_bytes);
  Engine engine({});
  const auto rows = engine.stream(std::string("SELECT CAST(__item AS BIGINT) AS __item FROM (") +
                                  kRows + ") ORDER BY __row");
  std::vector<std::shared_ptr<arrow::Table>> read;
  do {
    read.push_back(entities.add_to(*rows->next(step)));
  } while (read.back()->num_rows() > 0);
  return arrow::ConcatenateTables(read).ValueOrDie()->CombineChunks().ValueOrDie();
}

std::string text(const arrow::Table& table, const std::string& column) {
  return table.GetColumnByName(column)->chunk(0)->ToString();
}

class EntityTableTest : public testing::TestWithParam<std::int64_t> {};

TEST_P(EntityTableTest, RowsGetTheColumnsOfTheirEntities) {
  for (const std::int64_t step : {1, 2, 4'096}) {
    const auto table = fetched(GetParam(), step);
    EXPECT_EQ(text(*table, "__item"), "[\n  2,\n  1,\n  2,\n  0,\n  2\n]");
    EXPECT_EQ(text(*table, "artwork_id"), "[\n  \"c\",\n  \"b\",\n  \"c\",\n  \"a\",\n  \"c\"\n]");
    EXPECT_EQ(text(*table, "w"), "[\n  9,\n  null,\n  9,\n  7,\n  9\n]");
    const auto& tags =
        static_cast<const arrow::ListArray&>(*table->GetColumnByName("tags")->chunk(0));
    EXPECT_TRUE(tags.IsNull(1));
    EXPECT_EQ(tags.value_length(3), 0);
    EXPECT_EQ(tags.value_slice(4)->ToString(), "[\n  \"x\",\n  null\n]");
  }
}

INSTANTIATE_TEST_SUITE_P(HeldAndJoined, EntityTableTest,
                         testing::Values(EntityTable::kHeldBytes, kNothingHeld));

}  // namespace
}  // namespace daedalus
