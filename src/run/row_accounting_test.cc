#include "run/row_accounting.h"

#include <gtest/gtest.h>

namespace daedalus {
namespace {

using Accounts = std::vector<StepAccount>;

Config allowing(double fraction) {
  Config config;
  config.runtime.max_invalid_fraction = fraction;
  return config;
}

TEST(RowAccounting, TheFractionItselfIsAllowed) {
  const Counts counts{{"feed_day", {{"valid", 999}, {"invalid", 1}}}};
  EXPECT_NO_THROW(check_invalid_fraction(counts, allowing(0.001), "2026-05-15"));
  EXPECT_THROW(check_invalid_fraction(counts, allowing(0.0009), "2026-05-15"), Error);
}

TEST(RowAccounting, TheFractionIsComparedAsItIsWritten) {
  // 0.29 * 100 is less than 29 in binary; 29 / 100 is 0.29.
  EXPECT_NO_THROW(
      check_invalid_fraction({{"feed_day", {{"valid", 71}, {"invalid", 29}}}}, allowing(0.29), ""));
}

TEST(RowAccounting, StepsThatAreOffHaveNoAccount) {
  Config config;
  config.runtime.embedding_coverage_filter.enabled = false;
  const Accounts accounts =
      account_rows(config, Plan{}, {{"feed_day", {{"valid", 3}, {"invalid", 2}}}});
  ASSERT_EQ(accounts.size(), 1U);
  EXPECT_EQ(accounts[0].step, "spine");
  EXPECT_EQ(accounts[0].rows_in, 5);
  EXPECT_EQ(accounts[0].rows_out, 3);
}

TEST(RowAccounting, SumsThatDoNotHoldFailTheDay) {
  const Accounts good{{"spine", 10, {{"invalid", 1}}, 9},
                      {"content_filter", 9, {{"rule_0", 2}}, 7}};
  EXPECT_NO_THROW(check_accounts(good, 7));
  EXPECT_THROW(check_accounts(good, 6), Error);
  EXPECT_THROW(check_accounts({{"spine", 10, {{"invalid", 2}}, 9}}, 9), Error);
  EXPECT_THROW(check_accounts({{"spine", 10, {}, 10}, {"content_filter", 9, {}, 9}}, 9), Error);
}

}  // namespace
}  // namespace daedalus
