#include "catalog/path_pattern.h"

#include <gtest/gtest.h>

namespace daedalus {
namespace {

bool matches(std::string_view pattern, std::string_view name) {
  PartitionFields ignored;
  return NamePattern(pattern).match(name, ignored);
}

// "year-month-day-hour" of the fields, "none" without a match.
std::string fields(std::string_view pattern, std::string_view name, PartitionFields found = {}) {
  if (!NamePattern(pattern).match(name, found)) return "none";
  std::string text;
  for (const std::optional<int>& field : {found.year, found.month, found.day, found.hour})
    text += (text.empty() ? "" : "-") + (field ? std::to_string(*field) : std::string("?"));
  return text;
}

TEST(NamePattern, MatchesAsAShellDoes) {
  EXPECT_TRUE(matches("*.parquet", "a.parquet"));
  EXPECT_FALSE(matches("*.parquet", "a.parquet.crc"));
  EXPECT_TRUE(matches("a*c*e", "abcde"));
  EXPECT_FALSE(matches("a*c*e", "abde"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("a?", "ab"));
  EXPECT_FALSE(matches("a?", "a"));
  EXPECT_TRUE(matches("[a-c]x", "bx"));
  EXPECT_FALSE(matches("[!a-c]x", "bx"));
  EXPECT_TRUE(matches("[!a-c]x", "dx"));
  EXPECT_TRUE(matches("c+(1).[a-]", "c+(1).-"));
  EXPECT_TRUE(matches("[[]x", "[x"));
  EXPECT_TRUE(matches("a**b", "axyb"));
}

TEST(NamePattern, ManyStarsTakeNoLongerThanAFew) {
  std::string stars;
  for (int i = 0; i < 100; ++i) stars += "*a";
  EXPECT_FALSE(matches(stars + "b", std::string(255, 'a')));
}

TEST(NamePattern, OnlyWhatIsSpelledOutMatchesAHiddenName) {
  for (const char* hidden : {"_temporary", ".part.parquet"}) {
    for (const char* pattern : {"*", "?*", "[_.]*", "[!a]*", "**"})
      EXPECT_FALSE(matches(pattern, hidden)) << pattern << " " << hidden;
  }
  EXPECT_TRUE(matches("_*", "_temporary"));
  EXPECT_TRUE(matches(".*", ".part.parquet"));
  EXPECT_TRUE(matches("_temporary", "_temporary"));
  EXPECT_TRUE(matches("*_*", "a_b"));
  EXPECT_FALSE(matches("_*", "._"));
}

TEST(NamePattern, FieldsAreDigits) {
  EXPECT_EQ(fields("month={YYYYMM}", "month=202605"), "2026-5-?-?");
  EXPECT_EQ(fields("month={YYYYMM}", "month=20265"), "none");
  EXPECT_EQ(fields("{YYYY}", "2026"), "2026-?-?-?");
  EXPECT_EQ(fields("{YYYY}", "126"), "none");
  EXPECT_EQ(fields("{YYYY}-{MM}-{DD}T{HH}.parquet", "2026-05-15T07.parquet"), "2026-5-15-7");
}

TEST(NamePattern, MonthsDaysAndHoursMayHaveOneDigitWhereNoneStandsBeside) {
  EXPECT_EQ(fields("day={DD}", "day=7"), "?-?-7-?");
  EXPECT_EQ(fields("day={DD}", "day=07"), "?-?-7-?");
  EXPECT_EQ(fields("day={DD}", "day=007"), "none");
  EXPECT_EQ(fields("{YYYY}-{MM}-{DD}", "2026-5-7"), "2026-5-7-?");
  EXPECT_EQ(fields("{YYYY}{MM}{DD}", "20260507"), "2026-5-7-?");
  EXPECT_EQ(fields("{YYYY}{MM}{DD}", "2026057"), "none");
  EXPECT_EQ(fields("{YYYYMM}{DD}", "2026057"), "none");
  EXPECT_EQ(fields("{DD}{HH}", "77"), "none");
  EXPECT_EQ(fields("x1{DD}", "x17"), "none");
  EXPECT_EQ(fields("{HH}h*", "7h30"), "?-?-?-7");
  EXPECT_EQ(fields("{HH}*", "7x"), "?-?-?-7");
  EXPECT_EQ(fields("{HH}*", "123"), "?-?-?-12");
}

TEST(NamePattern, AFieldThatStandsTwiceMustBeEqual) {
  EXPECT_EQ(fields("{YYYY}_{YYYYMM}", "2026_202605"), "2026-5-?-?");
  EXPECT_EQ(fields("{YYYY}_{YYYYMM}", "2025_202605"), "none");
  EXPECT_EQ(fields("{MM}", "5", {2026, 5, {}, {}}), "2026-5-?-?");
  EXPECT_EQ(fields("{MM}", "6", {2026, 5, {}, {}}), "none");
}

}  // namespace
}  // namespace daedalus
