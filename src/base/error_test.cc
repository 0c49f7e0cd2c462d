#include "daedalus/error.h"

#include <gtest/gtest.h>

namespace daedalus {
namespace {

TEST(Error, KindsHaveTheirExitCodesAndNames) {
  EXPECT_EQ(exit_code(ErrorKind::kConfig), 2);
  EXPECT_EQ(exit_code(ErrorKind::kDataCheck), 3);
  EXPECT_EQ(exit_code(ErrorKind::kInput), 4);
  EXPECT_EQ(exit_code(ErrorKind::kEnvironment), 5);
  EXPECT_EQ(exit_code(ErrorKind::kBug), 70);
  EXPECT_EQ(exit_code(ErrorKind::kInterrupted), 130);
  EXPECT_EQ(to_string(ErrorKind::kConfig), "configuration");
  EXPECT_EQ(to_string(ErrorKind::kDataCheck), "data check");
  EXPECT_EQ(to_string(ErrorKind::kInput), "input");
  EXPECT_EQ(to_string(ErrorKind::kEnvironment), "machine");
  EXPECT_EQ(to_string(ErrorKind::kBug), "defect");
  EXPECT_EQ(to_string(ErrorKind::kInterrupted), "interrupted");
}

TEST(Error, AProblemSaysWhereWhatAndWhatToDo) {
  EXPECT_EQ((Problem{{"a.yaml", 3}, "no", "yes"}.to_string()), "a.yaml:3: no; yes");
  EXPECT_EQ((Problem{{"--set"}, "no", ""}.to_string()), "--set: no");
  EXPECT_EQ((Problem{{}, "no", "yes"}.to_string()), "no; yes");
}

TEST(Error, HoldsAllProblemsOneALine) {
  const Error one(ErrorKind::kInput, "lost", "look");
  EXPECT_STREQ(one.what(), "lost; look");
  EXPECT_EQ(one.kind(), ErrorKind::kInput);
  const Error two(ErrorKind::kConfig, {{{"a", 1}, "x", ""}, {{"b", 2}, "y", "z"}});
  EXPECT_STREQ(two.what(), "a:1: x\nb:2: y; z");
  EXPECT_EQ(two.problems().size(), 2U);
}

}  // namespace
}  // namespace daedalus
