#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <vector>

namespace daedalus {
namespace {

class ParallelFor : public testing::TestWithParam<int> {};

TEST_P(ParallelFor, RunsEachStepOnce) {
  for (const std::size_t count : {0, 1, 2, 100}) {
    std::vector<std::atomic<int>> runs(count);
    parallel_for(count, GetParam(), [&](std::size_t i) { ++runs[i]; });
    for (const auto& each : runs) EXPECT_EQ(each, 1);
  }
}

TEST_P(ParallelFor, ThrowsWhatTheFirstStepThatFailedThrew) {
  std::atomic<int> ran = 0;
  try {
    parallel_for(1'000'000, GetParam(), [&](std::size_t i) {
      ++ran;
      if (i >= 3) throw std::runtime_error(std::to_string(i));
    });
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "3");
  }
  EXPECT_LT(ran, 1'000'000);
}

INSTANTIATE_TEST_SUITE_P(Threads, ParallelFor, testing::Values(0, 1, 2, 8));

// Ends only if both steps run at once.
TEST(ParallelForOfTwo, RunsStepsAtOnce) {
  std::latch both(2);
  parallel_for(2, 2, [&](std::size_t) { both.arrive_and_wait(); });
}

}  // namespace
}  // namespace daedalus
