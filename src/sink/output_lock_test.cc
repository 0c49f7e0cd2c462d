// Who holds the lock of an output_root excludes all others, and the dead exclude nobody.
#include "sink/output_lock.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

#include "sink/process_identity.h"
#include "sink/work_directory.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;

// The identity of a process that has ended.
ProcessIdentity dead_process() {
  const pid_t child = ::fork();
  if (child == 0) {
    while (true) ::pause();
  }
  ProcessIdentity identity = ProcessIdentity::of_this_process();
  identity.pid = child;
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  return identity;
}

TEST(ProcessIdentityTest, TextHoldsAllOfIt) {
  const ProcessIdentity here = ProcessIdentity::of_this_process();
  const auto again = ProcessIdentity::parse(here.to_text() + " and more");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->to_text(), here.to_text());
  EXPECT_EQ(again->is_running(), true);
  EXPECT_FALSE(ProcessIdentity::parse(""));
  EXPECT_FALSE(ProcessIdentity::parse("host 12"));
}

TEST(ProcessIdentityTest, TheDeadAreKnownOnTheirOwnHostAlone) {
  EXPECT_EQ(dead_process().is_running(), false);
  ProcessIdentity other = ProcessIdentity::of_this_process();
  other.started = "1";  // our number belonged to another process then
  EXPECT_EQ(other.is_running(), false);
  other = ProcessIdentity::of_this_process();
  other.boot = "before";
  EXPECT_EQ(other.is_running(), false);
  other = ProcessIdentity::of_this_process();
  other.pid_namespace = "of a container";
  EXPECT_EQ(other.is_running(), std::nullopt);
  other = dead_process();
  other.host = "another-host";
  EXPECT_EQ(other.is_running(), std::nullopt);
}

class OutputLockTest : public testing::Test {
 protected:
  WorkDirectory scratch_{testing::TempDir(), "output_lock_test"};
  fs::path root_ = scratch_.path();
};

TEST_F(OutputLockTest, ExcludesThreads) {
  std::atomic<int> in{
      0};  // atomic for the thread sanitizer, which does not know the kernel's locks
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 20; ++turn) {
        const OutputLock lock(root_, "_it");
        EXPECT_EQ(++in, 1);
        std::this_thread::yield();
        --in;
      }
    });
  }
}

TEST_F(OutputLockTest, IsNotTakenTwice) {
  {
    const OutputLock lock(root_, "_it");
    EXPECT_EQ(OutputLock::try_take(root_, "_it"), nullptr);
    EXPECT_NE(OutputLock::try_take(root_, "_other"), nullptr);
  }
  EXPECT_NE(OutputLock::try_take(root_, "_it"), nullptr);
}

}  // namespace
}  // namespace daedalus
