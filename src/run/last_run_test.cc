// What is kept of a run comes back as it was.
#include "run/last_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sink/publish.h"
#include "sink/work_directory.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;

class LastRunTest : public testing::Test {
 protected:
  void SetUp() override { config_.runtime.output_root = root_; }

  WorkDirectory scratch_{testing::TempDir(), "last_run_test"};
  fs::path root_ = scratch_.path() / "output";
  Config config_;
};

TEST_F(LastRunTest, IsAbsentBeforeTheFirst) { EXPECT_EQ(read_last_run(root_), std::nullopt); }

TEST_F(LastRunTest, ComesBackAsItWasWritten) {
  config_.dir = "some/config";
  config_.overrides = {"runtime.day_workers=2", "feed.source.path='a b'"};
  SkeletonOptions options;
  options.from = 2026y / 5 / 14;
  options.to = 2026y / 5 / 16;
  options.force = true;
  options.engine = "duckdb";
  options.sql_dir = "sql/";
  write_last_run(
      config_, options,
      {{.day = "2026-05-14", .status = DayStatus::kPublished},
       {.day = "2026-05-15", .error = "bad\n\"rows\"", .error_kind = ErrorKind::kDataCheck},
       {.day = "2026-05-16", .error_kind = ErrorKind::kInterrupted},
       {.day = "/feed/a.parquet", .status = DayStatus::kNotRun}});
  const LastRun run = read_last_run(root_).value();
  EXPECT_EQ(run.config_dir, fs::current_path() / "some/config");
  EXPECT_EQ(run.overrides, config_.overrides);
  EXPECT_EQ(run.options.target_date, std::nullopt);
  EXPECT_EQ(run.options.from, options.from);
  EXPECT_EQ(run.options.to, options.to);
  EXPECT_TRUE(run.options.force);
  EXPECT_EQ(run.options.engine, "duckdb");
  EXPECT_EQ(run.options.sql_dir, fs::current_path() / "sql/");
  ASSERT_EQ(run.days.size(), 4U);
  EXPECT_EQ(run.days[0].status, DayStatus::kPublished);
  EXPECT_EQ(run.days[1].status, DayStatus::kFailed);
  EXPECT_EQ(run.days[1].error, "bad\n\"rows\"");
  EXPECT_EQ(run.days[1].error_kind, ErrorKind::kDataCheck);
  EXPECT_EQ(run.days[2].status, DayStatus::kNotRun);
  EXPECT_EQ(run.days[3].day, "/feed/a.parquet");
}

TEST_F(LastRunTest, IsReplacedAndLeavesNothingBesideIt) {
  write_last_run(config_, {}, {{.day = "2026-05-14", .status = DayStatus::kNotRun}});
  write_last_run(config_, {}, {});
  EXPECT_TRUE(read_last_run(root_).value().days.empty());
  EXPECT_EQ(read_last_run(root_).value().config_dir, "");
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(root_)) names.push_back(entry.path().filename());
  EXPECT_THAT(names, ElementsAre("_last_run.json"));
}

TEST(RetryOptions, AreAbsentWhenNothingFailed) {
  EXPECT_FALSE(retry_options({}));
  EXPECT_FALSE(retry_options({.days = {{.day = "2026-05-14", .status = DayStatus::kPublished},
                                       {.day = "2026-05-15", .status = DayStatus::kUpToDate},
                                       {.day = "2026-05-16", .status = DayStatus::kNotRun}}}));
}

TEST(RetryOptions, WantTheFailedDaysAndNoOthers) {
  LastRun run;
  run.options.force = true;
  run.days = {{.day = "2026-05-14", .status = DayStatus::kPublished},
              {.day = "2026-05-15", .status = DayStatus::kFailed},
              {.day = "2026-05-16", .status = DayStatus::kNotRun}};
  const SkeletonOptions options = retry_options(run).value();
  EXPECT_TRUE(options.force);
  EXPECT_FALSE(options.wants(2026y / 5 / 14));
  EXPECT_TRUE(options.wants(2026y / 5 / 15));
  EXPECT_FALSE(options.wants(2026y / 5 / 16));
  EXPECT_FALSE(options.wants(2026y / 5 / 17));
}

TEST(RetryOptions, WantTheDaysThatAFileHid) {
  const SkeletonOptions options =
      retry_options({.days = {{.day = "2026-05-14", .status = DayStatus::kPublished},
                              {.day = "/feed/a.parquet", .status = DayStatus::kFailed}}})
          .value();
  EXPECT_FALSE(options.wants(2026y / 5 / 14));
  EXPECT_TRUE(options.wants(2026y / 5 / 15));
}

TEST_F(LastRunTest, ThatCantBeReadIsAnInputError) {
  fs::create_directories(root_);
  for (const std::string text : {"", "{", "[]", R"({"days": [{"status": "done"}]})"}) {
    write_file_synced(root_ / "_last_run.json", text);
    try {
      read_last_run(root_);
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
      EXPECT_THAT(error.what(), testing::HasSubstr((root_ / "_last_run.json").string()));
    }
  }
}

}  // namespace
}  // namespace daedalus
