#include "catalog/source_relation.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace daedalus {
namespace {

namespace fs = std::filesystem;

// One source of text files, gone with the test. The columns are `id` (a key), `t` (a time) and `x`.
class SourceRelationTest : public ::testing::Test {
 protected:
  SourceRelationTest()
      : root_(fs::path(::testing::TempDir()) / ("source-relation-" + std::to_string(getpid()))) {
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  SourceRelation relation(SourceFormat format, const std::vector<std::string>& files) {
    for (std::size_t i = 0; i < files.size(); ++i)
      std::ofstream(root_ / std::to_string(i)) << files[i];
    const Source source{format, (root_ / "*").string(), {}};
    return {engine_,
            "feed",
            source,
            {{"id", "id", ColumnRole::kKey},
             {"t", "t", ColumnRole::kTime},
             {"x", "x", ColumnRole::kPlain, true}},
            list_datasets(engine_, source)};
  }

  // The column `x`, and its type.
  std::string column(const SourceRelation& of) {
    const auto rows = engine_.query("SELECT list(x ORDER BY id, t) FROM (" + of.select_all() + ")");
    return rows.at(0).at(0).value_or("NULL") + " " + *of.type_of("x");
  }

  fs::path root_;
  Engine engine_{{{}, {root_}}};
};

std::string json(const std::string& id, const std::string& x) {
  return R"({"id": )" + id + R"(, "t": "2026-05-15T10:00:00", "x": )" + x + "}\n";
}

TEST_F(SourceRelationTest, AColumnWithoutAValueSaysNothingOfItsType) {
  EXPECT_EQ(column(relation(SourceFormat::kCsv,
                            {"id,t,x\n1,2026-05-15,5\n", "id,t,x\n", "id,t,x\n2,2026-05-15,\n"})),
            "[5, NULL] BIGINT");
  EXPECT_EQ(column(relation(SourceFormat::kJson,
                            {json("1", "[7, 8]"), json("2", "[]"), json("3", "null")})),
            "[[7, 8], [], NULL] BIGINT[]");
}

TEST_F(SourceRelationTest, TextInOneFileIsTextInAll) {
  EXPECT_EQ(column(relation(SourceFormat::kCsv,
                            {"id,t,x\n1,2026-05-15,007\n", "id,t,x\n2,2026-05-15,b\n"})),
            "[007, b] VARCHAR");
}

TEST_F(SourceRelationTest, IntegersOfBothSignsStayExact) {
  EXPECT_EQ(column(relation(SourceFormat::kJson,
                            {json("1", "9007199254740993") + json("-2", "-9007199254740993")})),
            "[-9007199254740993, 9007199254740993] BIGINT");
}

TEST_F(SourceRelationTest, ZonesCountWhereverATimeStands) {
  const std::string time = "\"2026-05-15T10:00:00+02:00\"";
  EXPECT_EQ(column(relation(SourceFormat::kJson, {json("1", time)})),
            "['2026-05-15 08:00:00'] TIMESTAMP");
  EXPECT_EQ(column(relation(SourceFormat::kJson, {json("1", "{\"at\": " + time + "}")})),
            "[{'at': '2026-05-15 08:00:00'}] STRUCT(\"at\" TIMESTAMP)");
}

TEST_F(SourceRelationTest, IsoTimesOfSeveralFormsAreTimesInJson) {
  const std::string whole = "\"2026-05-15T10:00:00\"";
  const std::string parts = "\"2026-05-15 10:00:00.25Z\"";
  EXPECT_EQ(column(relation(SourceFormat::kJson,
                            {json("1", whole) + json("2", parts) + json("3", "null")})),
            "['2026-05-15 10:00:00', '2026-05-15 10:00:00.25', NULL] TIMESTAMP");
  EXPECT_EQ(column(relation(SourceFormat::kJson,
                            {json("1", whole) + json("2", parts) + json("3", "\"soon\"")})),
            "['2026-05-15T10:00:00', '2026-05-15 10:00:00.25Z', soon] VARCHAR");
}

TEST_F(SourceRelationTest, FilesMaySpellAColumnInAnotherCase) {
  EXPECT_EQ(
      column(relation(SourceFormat::kJson,
                      {json("1", "5"), "{\"ID\": 2, \"T\": \"2026-05-15T10:00:00\", \"X\": 6}\n"})),
      "[5, 6] BIGINT");
}

TEST_F(SourceRelationTest, AFileOfAnotherShapeHarmsOnlyWhatReadsIt) {
  const SourceRelation source =
      relation(SourceFormat::kCsv, {"id,t,x\n1,2026-05-15,5\n", "id,x\n2,6\n"});
  EXPECT_NO_THROW(engine_.query(source.select({&source.datasets().at(0).dataset, 1})));
  EXPECT_THROW(static_cast<void>(source.select_all()), Error);
}

}  // namespace
}  // namespace daedalus
