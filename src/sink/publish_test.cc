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

TEST_F(PublishTest, WorkDirectoriesLeaveNothing) {
  {
    const WorkDirectory a(root_, "a");
    const WorkDirectory b(root_, "a");
    EXPECT_NE(a.path(), b.path());
    EXPECT_EQ(a.path().parent_path(), root_ / "_work");
    fs::create_directories(a.path() / "some" / "folder");
  }
  EXPECT_THAT(names_in(root_), IsEmpty());
}

TEST_F(PublishTest, RemovesWhatAKilledProcessLeftAndNothingElse) {
  auto alive = std::make_unique<WorkDirectory>(root_, "alive");
  const fs::path work = root_ / "_work";
  auto leave = [&](const std::string& name, const std::string& owner) {
    fs::create_directories(work / name / "day");
    write_file_synced(work / name / "day" / "part-0-0.parquet", "half");
    write_file_synced(work / (name + ".owner"), owner);
  };
  const std::string owner_here = text_of(alive->path().string() + ".owner");
  leave("dead-1-1", owner_here);
  leave("elsewhere-1-1", "another-host 1\n");
  leave("unknown-1-1", "");
  EXPECT_THAT(remove_stale_work_directories(root_, true), ElementsAre(work / "dead-1-1"));
  EXPECT_TRUE(fs::exists(work / "dead-1-1" / "day"));
  EXPECT_THAT(remove_stale_work_directories(root_), ElementsAre(work / "dead-1-1"));
  EXPECT_THAT(remove_stale_work_directories(root_), IsEmpty());
  EXPECT_FALSE(fs::exists(work / "dead-1-1"));
  EXPECT_FALSE(fs::exists(work / "dead-1-1.owner"));
  EXPECT_TRUE(fs::exists(alive->path()));
  EXPECT_TRUE(fs::exists(work / "elsewhere-1-1" / "day"));
  EXPECT_TRUE(fs::exists(work / "unknown-1-1" / "day"));
}

TEST_F(PublishTest, StaleWorkIsNoMatterWhereThereIsNone) {
  EXPECT_THAT(remove_stale_work_directories(root_), IsEmpty());
  EXPECT_THAT(remove_stale_work_directories(root_ / "missing"), IsEmpty());
}

TEST_F(PublishTest, SaysWhatCantBeWritten) {
  write_file_synced(root_ / "file", "");
  EXPECT_THROW(write_file_synced(root_ / "missing" / "file", "text"), Error);
  EXPECT_THROW(WorkDirectory(root_ / "file", "name"), Error);
  write_file_synced(root_ / "file", "long text");
  write_file_synced(root_ / "file", "text");
  EXPECT_EQ(text_of(root_ / "file"), "text");
}

}  // namespace
}  // namespace daedalus
