#include "config/problems.h"

#include <gtest/gtest.h>

namespace daedalus::config {
namespace {

TEST(Problems, AreSortedByPlaceAndToldOnce) {
  Problems problems;
  problems.add({"b", 1}, "third");
  problems.add({"a", 9}, "second");
  problems.add({"a", 2}, "first");
  problems.add({"a", 9}, "second");
  const auto sorted = problems.sorted();
  ASSERT_EQ(sorted.size(), 3U);
  EXPECT_EQ(sorted[0].what, "first");
  EXPECT_EQ(sorted[1].what, "second");
  EXPECT_EQ(sorted[2].what, "third");
}

TEST(Problems, MayBeVeryMany) {
  Problems problems;
  for (int time = 0; time < 2; ++time) {
    for (int i = 90'000; i > 0; --i) problems.add({"f", 1}, std::to_string(i));
  }
  const auto sorted = problems.sorted();
  ASSERT_EQ(sorted.size(), 90'000U);
  EXPECT_EQ(sorted[0].what, "90000");  // At one place they stay in the order in which they came.
  EXPECT_EQ(sorted[89'999].what, "1");
}

TEST(Nearest, IsNearOrNothing) {
  EXPECT_EQ(nearest("enigne", {"engine", "enabled"}), "engine");  // a swap is one edit
  EXPECT_EQ(nearest("ENGINE", {"engine"}), "engine");
  EXPECT_EQ(nearest("zebra", {"engine", "enabled"}), "");
  EXPECT_EQ(nearest("a", {"b"}), "b");  // one edit is always near
  EXPECT_EQ(nearest("", {"ab"}), "");
  EXPECT_EQ(nearest(std::string(100'000, 'a'), {std::string(100'000, 'b')}), "");
  EXPECT_EQ(did_you_mean("wdth", {"height", "width"}), "did you mean 'width'?");
  EXPECT_EQ(did_you_mean("wdth", {}), "");
}

TEST(SameName, FoldsAsciiOnly) {
  EXPECT_TRUE(same_name("User_ID", "user_id"));
  EXPECT_FALSE(same_name("user_id", "user_ids"));
  EXPECT_FALSE(same_name("\xC3\x84", "\xC3\xA4"));  // Ä, ä
}

}  // namespace
}  // namespace daedalus::config
