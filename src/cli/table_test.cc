#include "cli/table.h"

#include <gtest/gtest.h>

namespace daedalus::cli {
namespace {

TEST(Table, AlignsColumnsAndLeavesNoTrailingBlanks) {
  Table table({{"day"}, {"rows", Align::kRight}, {"status"}});
  table.add({"2026-05-15", "1,200", "published"});
  table.add({"2026-05-16", "7", ""});
  EXPECT_EQ(table.to_string(),
            "day          rows  status\n"
            "2026-05-15  1,200  published\n"
            "2026-05-16      7\n");
}

TEST(Table, FillsUpShortRowsAndCountsCodePoints) {
  Table table({{"name"}, {"n", Align::kRight}});
  table.add({"Łódź", "1"});
  table.add({"a"});
  EXPECT_EQ(table.to_string(), "name  n\nŁódź  1\na\n");
}

TEST(Table, WithoutHeadsHasNoHeadLine) {
  Table table({{""}, {""}});
  table.add({"path", "data"});
  EXPECT_EQ(table.to_string(), "path  data\n");
}

TEST(Table, WithoutRowsIsItsHead) { EXPECT_EQ(Table({{"a"}, {"b"}}).to_string(), "a  b\n"); }

TEST(Units, Counts) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(1000), "1,000");
  EXPECT_EQ(format_count(-1234567), "-1,234,567");
  EXPECT_EQ(format_count(-123), "-123");
}

TEST(Units, Bytes) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(999), "999 B");
  EXPECT_EQ(format_bytes(1000), "1.0 kB");
  EXPECT_EQ(format_bytes(999'949), "999.9 kB");
  EXPECT_EQ(format_bytes(999'999), "1.0 MB");
  EXPECT_EQ(format_bytes(22'150'000'000), "22.1 GB");
}

TEST(Units, Seconds) {
  EXPECT_EQ(format_seconds(0.04), "0.0 s");
  EXPECT_EQ(format_seconds(1.23), "1.2 s");
  EXPECT_EQ(format_seconds(9.97), "10 s");
  EXPECT_EQ(format_seconds(75), "75 s");
  EXPECT_EQ(format_seconds(725), "12m05s");
  EXPECT_EQ(format_seconds(3 * 3600 + 7 * 60 + 59), "3h07m");
}

}  // namespace
}  // namespace daedalus::cli
