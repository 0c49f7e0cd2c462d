// Why a published day is computed again: what is compared, and how it is named.
#include "run/staleness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "run/manifest.h"
#include "sink/publish.h"
#include "sink/work_directory.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;
using Cause = StaleReason::Cause;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(ChangedNames, AreKeysWithAnotherValueOrOnOneSideOnly) {
  EXPECT_THAT(changed_names({{"a", "1"}, {"b", "2"}}, {{"a", "1"}, {"b", "2"}}), IsEmpty());
  EXPECT_THAT(
      changed_names({{"a", "1"}, {"b", "2"}, {"c", "3"}}, {{"d", "1"}, {"b", "7"}, {"c", "3"}}),
      ElementsAre("a", "b", "d"));
}

TEST(ChangedNames, NameTheKeyInAnItemOfAList) {
  EXPECT_THAT(
      changed_names({{"rules[0].event", "x"}, {"rules[1].event", "y"}},
                    {{"rules[0].event", "x"}, {"rules[1].event", "z"}, {"rules[1].type", "t"}}),
      ElementsAre("rules[1].event", "rules[1].type"));
}

TEST(ChangedNames, NameAListOfAnotherLengthAsAWhole) {
  EXPECT_THAT(changed_names({{"rules[0].event", "x"}, {"rules[1].event", "y"}, {"n", "1"}},
                            {{"rules[0].event", "y"}, {"n", "1"}}),
              ElementsAre("rules"));
}

TEST(StaleReasons, AsText) {
  EXPECT_EQ(to_string(std::vector<StaleReason>{}), "");
  EXPECT_EQ(to_string({{Cause::kMissing, {}}}), "missing");
  EXPECT_EQ(to_string({{Cause::kConfiguration, {"a", "b"}}, {Cause::kInputs, {"f"}}}),
            "config changed: a, b; inputs changed: f");
  EXPECT_EQ(to_string({{Cause::kInputs, {"1", "2", "3", "4", "5"}}}),
            "inputs changed: 1, 2, 3, 4, 5");
  EXPECT_EQ(to_string({{Cause::kInputs, {"1", "2", "3", "4", "5", "6", "7"}}}),
            "inputs changed: 1, 2, 3, 4, 5, and 2 more");
}

constexpr Day kDay{std::chrono::year{2026} / 5 / 15};

// A published day of one part of three bytes.
class PublishedDayTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(day_directory(work_.path(), kDay));
    Manifest manifest;
    manifest.day = "2026-05-15";
    manifest.recipe = recipe_;
    manifest.inputs = inputs_.files;
    manifest.row_accounting = {{"spine", 10, {{"invalid", 1}}, 9}};
    manifest.parts = {{"part-0-0.parquet", 9, 3}};
    write("part-0-0.parquet", "abc");
    write("_manifest.json", manifest.to_json());
  }

  void write(const std::string& name, const std::string& text) const {
    write_file_synced(day_directory(work_.path(), kDay) / name, text);
  }

  [[nodiscard]] std::vector<StaleReason> reasons() const {
    return look_at_published(work_.path(), kDay, recipe_, inputs_).reasons;
  }

  WorkDirectory work_{testing::TempDir(), "staleness_test"};
  Recipe recipe_{{{"runtime.chunk", "5"}}, {{"user_id", "VARCHAR"}}, {{"filter", "h1"}}, "print"};
  DayInputs inputs_{{{"/a", 1, 10}, {"/b", 2, 20}}, {"user_id"}};
};

TEST_F(PublishedDayTest, IsUpToDateAsItWasMade) {
  const PublishedDay day = look_at_published(work_.path(), kDay, recipe_, inputs_);
  EXPECT_THAT(day.reasons, IsEmpty());
  EXPECT_EQ(day.report.status, DayStatus::kUpToDate);
  EXPECT_EQ(day.report.rows_out, 9);
  EXPECT_EQ(day.report.bytes, 3);
  ASSERT_EQ(day.report.row_accounting.size(), 1U);
  EXPECT_EQ(day.report.row_accounting[0].dropped[0].second, 1);
}

TEST_F(PublishedDayTest, IsConcernedByANewColumnWhereItsOwnFilesHaveIt) {
  recipe_.feed_columns.emplace_back("retriever_id", "VARCHAR");
  recipe_.fingerprint = "another";
  EXPECT_THAT(reasons(), IsEmpty());
  inputs_.feed_columns.insert("retriever_id");
  EXPECT_THAT(reasons(), ElementsAre(StaleReason{Cause::kFeedColumns, {"retriever_id"}}));
}

TEST_F(PublishedDayTest, IsMissingWhereNothingStands) {
  EXPECT_THAT(look_at_published(work_.path() / "none", kDay, recipe_, inputs_).reasons,
              ElementsAre(StaleReason{Cause::kMissing, {}}));
}

TEST_F(PublishedDayTest, NamesWhatTheRecipeChanged) {
  recipe_ = {{{"runtime.chunk", "6"}},
             {{"user_id", "VARCHAR"}, {"country_code", "INTEGER"}},
             {{"filter", "h2"}},
             "another"};
  inputs_.feed_columns.insert("country_code");
  EXPECT_THAT(reasons(), ElementsAre(StaleReason{Cause::kConfiguration, {"runtime.chunk"}},
                                     StaleReason{Cause::kFeedColumns, {"country_code"}},
                                     StaleReason{Cause::kSql, {"filter"}}));
}

TEST_F(PublishedDayTest, KnowsNoKeysOfAnOldManifest) {
  write("_manifest.json",
        R"({"configuration_fingerprint": "print", "row_accounting": [],
            "parts": [{"name": "part-0-0.parquet", "rows": 9, "bytes": 3}],
            "inputs": [{"path": "/a", "bytes": 1, "mtime_us": 10},
                       {"path": "/b", "bytes": 2, "mtime_us": 20}]})");
  EXPECT_THAT(reasons(), IsEmpty());
  recipe_.fingerprint = "another";
  EXPECT_THAT(reasons(), ElementsAre(StaleReason{Cause::kConfiguration, {}}));
}

TEST_F(PublishedDayTest, IsUpToDateWhereAKeyThatItDoesNotKnowHasItsDefault) {
  recipe_ = {{{"runtime.chunk", "5"}, {"feed.keys.user", "user_id"}, {"feed.times", "{}"}},
             {{"user_id", "VARCHAR"}},
             {{"filter", "h1"}},
             "another",
             {{"runtime.chunk", "runtime.chunk"},
              {"feed.keys.user", "feed.keys.user"},
              {"feed.times", "feed.times"}},
             {"runtime.chunk", "feed.keys.user", "feed.times"}};
  EXPECT_THAT(reasons(), IsEmpty());
  recipe_.default_settings.erase("feed.keys.user");
  EXPECT_THAT(reasons(), ElementsAre(StaleReason{Cause::kConfiguration, {"feed.keys.user"}}));
}

TEST_F(PublishedDayTest, IsStaleWhereAKeyThatItKnowsWentOrHasANewDefault) {
  recipe_ = {{{"runtime.chunk", "6"}},
             recipe_.feed_columns,
             recipe_.edited_sql,
             "another",
             {{"runtime.chunk", "runtime.chunk"}},
             {"runtime.chunk"}};
  EXPECT_THAT(reasons(), ElementsAre(StaleReason{Cause::kConfiguration, {"runtime.chunk"}}));
  recipe_.configuration = {};
  EXPECT_THAT(reasons(), ElementsAre(StaleReason{Cause::kConfiguration, {"runtime.chunk"}}));
}

// The list was the user's, of two items that happen to be the first of the default's three.
TEST_F(PublishedDayTest, ComparesAListThatItKnowsItemByItem) {
  Manifest manifest;
  manifest.day = "2026-05-15";
  manifest.recipe = {{{"runtime.list[0]", "a"}, {"runtime.list[1]", "b"}}, {}, {}, "print"};
  manifest.inputs = inputs_.files;
  manifest.parts = {{"part-0-0.parquet", 9, 3}};
  write("_manifest.json", manifest.to_json());
  recipe_ = {{{"runtime.list[0]", "a"}, {"runtime.list[1]", "b"}, {"runtime.list[2]", "c"}},
             {},
             {},
             "another",
             {{"runtime.list[0]", "runtime.list"},
              {"runtime.list[1]", "runtime.list"},
              {"runtime.list[2]", "runtime.list"}},
             {"runtime.list"}};
  EXPECT_THAT(reasons(), ElementsAre(StaleReason{Cause::kConfiguration, {"runtime.list"}}));
}

// The order of encodings is part of the order of rows.
TEST_F(PublishedDayTest, IsStaleWhereKeysOfASettingHaveAnotherOrder) {
  const std::map<std::string, std::string> settings{{"feed.encodings.a", "feed.encodings"},
                                                    {"feed.encodings.b", "feed.encodings"}};
  Manifest manifest;
  manifest.day = "2026-05-15";
  manifest.recipe = {{{"feed.encodings.a", "x"}, {"feed.encodings.b", "x"}}, {}, {}, "print"};
  manifest.inputs = inputs_.files;
  manifest.parts = {{"part-0-0.parquet", 9, 3}};
  write("_manifest.json", manifest.to_json());
  recipe_ = manifest.recipe;
  recipe_.settings = settings;
  recipe_.fingerprint = "another";
  EXPECT_THAT(reasons(), IsEmpty());
  std::swap(recipe_.configuration[0], recipe_.configuration[1]);
  EXPECT_THAT(reasons(), ElementsAre(StaleReason{Cause::kConfiguration, {"feed.encodings"}}));
}

TEST_F(PublishedDayTest, NamesInputsThatCameWentOrChanged) {
  inputs_.files = {{"/a", 1, 11}, {"/c", 3, 30}};
  EXPECT_THAT(reasons(), ElementsAre(StaleReason{Cause::kInputs, {"/a", "/b", "/c"}}));
}

TEST_F(PublishedDayTest, NamesPartsThatAreNotAsStated) {
  write("part-0-0.parquet", "abcd");
  write("stranger.parquet", "");
  EXPECT_THAT(reasons(),
              ElementsAre(StaleReason{Cause::kDamaged, {"part-0-0.parquet", "stranger.parquet"}}));
  fs::remove(day_directory(work_.path(), kDay) / "part-0-0.parquet");
  fs::remove(day_directory(work_.path(), kDay) / "stranger.parquet");
  EXPECT_THAT(reasons(), ElementsAre(StaleReason{Cause::kDamaged, {"part-0-0.parquet"}}));
}

TEST_F(PublishedDayTest, WithoutAReadableManifestIsDamaged) {
  for (const std::string text : {"", "{", "[]", R"({"parts": 3})"}) {
    write("_manifest.json", text);
    EXPECT_THAT(reasons(), ElementsAre(StaleReason{Cause::kDamaged, {"_manifest.json"}})) << text;
  }
}

TEST_F(PublishedDayTest, IsDamagedByNumbersThatAreNone) {
  std::ifstream file(day_directory(work_.path(), kDay) / "_manifest.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const std::string key : {"rows_in", "rows_out", "invalid", "rows", "bytes", "mtime_us"}) {
    for (const std::string number : {"1e300", "0.5", "18446744073709551615", "true"}) {
      if (key == "mtime_us" && number.starts_with("18")) continue;
      const std::regex member("\"" + key + "\": \\d+");
      write("_manifest.json", std::regex_replace(text, member, "\"" + key + "\": " + number));
      EXPECT_THAT(reasons(), ElementsAre(StaleReason{Cause::kDamaged, {"_manifest.json"}}))
          << key << " " << number;
    }
  }
}

}  // namespace
}  // namespace daedalus
