#include "base/day.h"

#include <gtest/gtest.h>

namespace daedalus {
namespace {

TEST(Day, ReadsRealDatesOfOneFormAlone) {
  EXPECT_EQ(to_string(parse_day("2026-05-15").value()), "2026-05-15");
  EXPECT_TRUE(parse_day("2024-02-29"));
  for (const char* text : {"2026-02-29", "2026-13-01", "2026-5-15", "2026-05-15 ", "20260515", "",
                           "2026-05-+1", "-026-05-15"}) {
    EXPECT_FALSE(parse_day(text)) << text;
  }
}

TEST(Day, DaysBeforeTheEpochRoundDown) {
  EXPECT_EQ(to_string(day_of(-1)), "1969-12-31");
  EXPECT_EQ(to_string(day_of(0)), "1970-01-01");
  EXPECT_EQ(to_string(day_of(kMicrosPerDay - 1)), "1970-01-01");
  EXPECT_EQ(day_start(parse_day("1970-01-02").value()), kMicrosPerDay);
}

TEST(Day, AMonthEndsWhereTheNextBegins) {
  EXPECT_EQ(to_string(first_day(202602)), "2026-02-01");
  EXPECT_EQ(to_string(end_day(202602)), "2026-03-01");
  EXPECT_EQ(to_string(end_day(202612)), "2027-01-01");
}

TEST(Interval, HalfOpenOnesThatTouchDoNotOverlap) {
  EXPECT_FALSE((Interval{0, 10}.overlaps({10, 20})));
  EXPECT_TRUE((Interval{0, 11}.overlaps({10, 20})));
}

}  // namespace
}  // namespace daedalus
