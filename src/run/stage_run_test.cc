#include "run/stage_run.h"

#include <arrow/api.h>
#include <gtest/gtest.h>

#include "sink/work_directory.h"

namespace daedalus {
namespace {

using Form = Relation::Form;

// A stage of two relations that are to be held, with a quarter of 200 MB to be held in.
class HeldRelationsTest : public testing::Test {
 protected:
  void run(const std::string& first, const std::string& second) {
    const Stage stage{"stage",
                      {{"first", Form::kHeld, "", first}, {"second", Form::kHeld, "", second}}};
    const EngineSettings settings{
        {{"memory_limit", "200MB"}, {"temp_directory", (work_.path() / "tmp").string()}},
        {work_.path()}};
    run_stage({}, stage, {}, settings, work_.path(), made_);
  }

  [[nodiscard]] bool in_memory(const std::string& name) const {
    return made_.tables.contains(name);
  }
  [[nodiscard]] bool in_a_file(const std::string& name) const { return made_.files.contains(name); }

  WorkDirectory work_{testing::TempDir(), "stage_run_test"};
  StageResults made_;
};

std::string of_megabytes(int count) {
  return "SELECT repeat('x', 1000) AS x, range AS i FROM range(" + std::to_string(1'000 * count) +
         ") ORDER BY range";
}

TEST_F(HeldRelationsTest, AreInMemoryWithTheStringsOfTheirListsNumbered) {
  run("SELECT ['a', NULL, 'a'] AS tags, 7 AS width", of_megabytes(1));
  ASSERT_TRUE(in_memory("first") && in_memory("second"));
  EXPECT_FALSE(in_a_file("first") || in_a_file("second"));
  EXPECT_EQ(made_.tables["second"]->num_rows(), 1'000);
  const auto& first = *made_.tables["first"];
  EXPECT_EQ(first.schema()->field(0)->type()->field(0)->type()->id(), arrow::Type::DICTIONARY);
  EXPECT_EQ(first.column(1)->ToString(), "[\n  7\n]");
}

TEST_F(HeldRelationsTest, AreOrderedFilesWhereTheyHaveNoRoom) {
  run(of_megabytes(80), of_megabytes(1));
  EXPECT_TRUE(in_a_file("first") && in_memory("second"));
  EXPECT_FALSE(in_memory("first") || in_a_file("second"));
  const EngineSettings settings{{}, {work_.path()}, {}};
  EXPECT_EQ(Engine(settings).query_count("SELECT count(*) FROM (" + made_.files["first"] +
                                         ") WHERE i = __row"),
            80'000);
}

TEST_F(HeldRelationsTest, ShareTheRoom) {
  run(of_megabytes(30), of_megabytes(30));
  EXPECT_TRUE(in_memory("first") && in_a_file("second"));
}

}  // namespace
}  // namespace daedalus
