// A published day is replaced whole, and nothing of the work on it is left behind.
#include "sink/publish.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <set>
#include <thread>
#include <vector>

#include "daedalus/error.h"
#include "sink/work_directory.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

std::set<std::string> names_in(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) names.insert(entry.path().filename());
  return names;
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class PublishTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(root_); }

  static fs::path stage(const WorkDirectory& work, const std::string& name,
                        const std::string& text) {
    fs::create_directories(work.path() / "day");
    write_file_synced(work.path() / "day" / name, text);
    return work.path() / "day";
  }

  WorkDirectory scratch_{testing::TempDir(), "publish_test"};
  fs::path root_ = scratch_.path() / "output";
  fs::path day_ = root_ / "dt=2024-01-02";
};

TEST_F(PublishTest, AFirstDayAppearsByARename) {
  {
    const WorkDirectory work(root_, "2024-01-02");
    publish_directory(stage(work, "part-0-0.parquet", "new"), day_);
  }
  EXPECT_THAT(names_in(root_), ElementsAre("dt=2024-01-02"));
  EXPECT_EQ(text_of(day_ / "part-0-0.parquet"), "new");
}

TEST_F(PublishTest, AnOlderDayIsReplacedWithAllItHeld) {
  {
    const WorkDirectory work(root_, "2024-01-02");
    publish_directory(stage(work, "part-1-0.parquet", "old"), day_);
    publish_directory(stage(work, "part-0-0.parquet", "new"), day_);
    EXPECT_THAT(names_in(work.path()), IsEmpty());
  }
  EXPECT_THAT(names_in(root_), ElementsAre("dt=2024-01-02"));
  EXPECT_THAT(names_in(day_), ElementsAre("part-0-0.parquet"));
}

TEST_F(PublishTest, TwoRenamesReplaceItToo) {
  {
    const WorkDirectory work(root_, "2024-01-02");
    replace_in_two_renames(stage(work, "part-1-0.parquet", "old"), day_);
    replace_in_two_renames(stage(work, "part-0-0.parquet", "new"), day_);
    EXPECT_THAT(names_in(work.path()), IsEmpty());
    EXPECT_THROW(replace_in_two_renames(work.path() / "none", day_), Error);
  }
  EXPECT_THAT(names_in(root_), ElementsAre("dt=2024-01-02"));
  EXPECT_THAT(names_in(day_), ElementsAre("part-0-0.parquet"));
}

TEST_F(PublishTest, TheOldDayIsBackWhenTwoRenamesWereCutShort) {
  {
    const WorkDirectory work(root_, "2024-01-02");
    replace_in_two_renames(stage(work, "part-0-0.parquet", "old"), day_);
    fs::rename(day_, aside_name(work.path(), day_));
  }
  EXPECT_THAT(names_in(root_), ElementsAre("dt=2024-01-02"));
  EXPECT_EQ(text_of(day_ / "part-0-0.parquet"), "old");
}

TEST_F(PublishTest, ANewerDayIsNotReplacedByOneThatWasPutAside) {
  {
    const WorkDirectory work(root_, "2024-01-02");
    replace_in_two_renames(stage(work, "part-0-0.parquet", "old"), aside_name(work.path(), day_));
    replace_in_two_renames(stage(work, "part-0-0.parquet", "new"), day_);
  }
  EXPECT_EQ(text_of(day_ / "part-0-0.parquet"), "new");
}

TEST_F(PublishTest, AFailureLeavesTheOldDay) {
  const WorkDirectory work(root_, "2024-01-02");
  publish_directory(stage(work, "part-0-0.parquet", "old"), day_);
  try {
    publish_directory(work.path() / "none", day_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kEnvironment);
  }
  EXPECT_EQ(text_of(day_ / "part-0-0.parquet"), "old");
}

TEST_F(PublishTest, AReaderAlwaysFindsAWholeDay) {
  const WorkDirectory first(root_, "first");
  publish_directory(stage(first, "part-0-0.parquet", "whole"), day_);
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) EXPECT_TRUE(fs::exists(day_));
  });
  std::vector<std::thread> writers;
  writers.reserve(3);
  for (int i = 0; i < 3; ++i) {
    writers.emplace_back([&] {
      for (int turn = 0; turn < 20; ++turn) {
        const WorkDirectory work(root_, "again");
        publish_directory(stage(work, "part-0-0.parquet", "whole"), day_);
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  done = true;
  reader.join();
  EXPECT_THAT(names_in(day_), ElementsAre("part-0-0.parquet"));
}

TEST_F(PublishTest, SaysWhatCantBeWritten) {
  write_file_synced(root_ / "file", "");
  EXPECT_THROW(write_file_synced(root_ / "missing" / "file", "text"), Error);
  write_file_synced(root_ / "file", "long text");
  write_file_synced(root_ / "file", "text");
  EXPECT_EQ(text_of(root_ / "file"), "text");
}

}  // namespace
}  // namespace daedalus
