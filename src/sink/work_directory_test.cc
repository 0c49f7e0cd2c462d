// Work directories leave nothing behind, and what dead processes left is told from the work of the
// living.
#include "sink/work_directory.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "sink/file.h"
#include "sink/process_identity.h"
#include "sink/publish.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class WorkDirectoryTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(root_); }

  // What a process that was killed in the middle of its work leaves.
  void leave(const std::string& name, const std::string& owner) const {
    fs::create_directories(work_ / name / "day");
    write_file_synced(work_ / name / "day" / "part-0-0.parquet", "half");
    write_file_synced(work_ / (name + ".owner"), owner);
  }

  static std::string here() { return ProcessIdentity::of_this_process().to_text() + "\n"; }

  WorkDirectory scratch_{testing::TempDir(), "work_directory_test"};
  fs::path root_ = scratch_.path() / "output";
  fs::path work_ = root_ / "_work";
};

TEST_F(WorkDirectoryTest, LeavesNothing) {
  {
    const WorkDirectory a(root_, "a");
    const WorkDirectory b(root_, "a");
    EXPECT_NE(a.path(), b.path());
    EXPECT_EQ(a.path().parent_path(), work_);
    fs::create_directories(a.path() / "some" / "folder");
  }
  EXPECT_TRUE(fs::is_empty(root_));
}

// The last one to go removes `_work`, at any time for those that come.
TEST_F(WorkDirectoryTest, IsMadeThoughOthersComeAndGo) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 500; ++turn)
        EXPECT_NO_THROW(EXPECT_TRUE(fs::exists(WorkDirectory(root_, "a").path())));
    });
  }
  threads.clear();
  EXPECT_TRUE(fs::is_empty(root_));
}

TEST_F(WorkDirectoryTest, ThatCantBeMadeLeavesNothing) {
  write_file_synced(root_ / "file", "");
  EXPECT_THROW(WorkDirectory(root_ / "file", "name"), Error);
  EXPECT_THROW(WorkDirectory(root_, std::string(300, 'x')), Error);
  EXPECT_FALSE(fs::exists(work_));
}

TEST_F(WorkDirectoryTest, WhatAKilledProcessLeftIsRemovedAndNothingElse) {
  const WorkDirectory alive(root_, "alive");
  leave("dead-1-1", here());
  leave("elsewhere-1-1", "another-host boot namespace 12 345\n");
  leave("unknown-1-1", "");
  write_file_synced(work_ / "begun-1-1.owner", "");

  for (const bool dry_run : {true, false}) {
    const Leftovers found = remove_stale_work_directories(root_, dry_run);
    EXPECT_THAT(found.removed, ElementsAre(work_ / "begun-1-1", work_ / "dead-1-1"));
    ASSERT_EQ(found.kept.size(), 2);
    EXPECT_EQ(found.kept[0].path, work_ / "elsewhere-1-1");
    EXPECT_THAT(found.kept[0].why, HasSubstr("process 12 of host another-host"));
    EXPECT_EQ(found.kept[1].path, work_ / "unknown-1-1");
    EXPECT_EQ(fs::exists(work_ / "dead-1-1" / "day"), dry_run);
  }
  EXPECT_THAT(remove_stale_work_directories(root_).removed, IsEmpty());
  EXPECT_FALSE(fs::exists(work_ / "dead-1-1.owner") || fs::exists(work_ / "begun-1-1.owner"));
  EXPECT_TRUE(fs::exists(alive.path()) && fs::exists(work_ / "elsewhere-1-1" / "day") &&
              fs::exists(work_ / "unknown-1-1" / "day"));
}

TEST_F(WorkDirectoryTest, OfADeadProcessGivesBackTheDayThatWasPutAside) {
  leave("dead-1-1", here());
  const fs::path day = root_ / "dt=2024-01-02";
  fs::rename(work_ / "dead-1-1" / "day", aside_name(work_ / "dead-1-1", day));
  EXPECT_THAT(remove_stale_work_directories(root_).removed, ElementsAre(work_ / "dead-1-1"));
  EXPECT_TRUE(fs::exists(day / "part-0-0.parquet"));
}

TEST_F(WorkDirectoryTest, IsNoMatterWhereThereIsNone) {
  EXPECT_THAT(remove_stale_work_directories(root_).removed, IsEmpty());
  EXPECT_THAT(remove_stale_work_directories(root_ / "missing").removed, IsEmpty());
}

}  // namespace
}  // namespace daedalus
