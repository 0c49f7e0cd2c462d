#include "base/time_zone.h"

#include <gtest/gtest.h>

namespace daedalus {
namespace {

using Periods = std::vector<TimeZone::Period>;

constexpr Micros kHour = kMicrosPerDay / 24;
constexpr Micros kMinute = kHour / 60;

Day day(std::string_view text) { return parse_day(text).value(); }

// The instant at `hours` after the beginning of the day in UTC.
Micros at(std::string_view text, double hours) {
  return day_start(day(text)) + static_cast<Micros>(hours * static_cast<double>(kHour));
}

// Clocks go from 02:00 to 03:00 and back from 03:00 to 02:00, both at 01:00 UTC.
const TimeZone kBerlin(Periods{
    {at("2025-10-26", 1), kHour}, {at("2026-03-29", 1), 2 * kHour}, {at("2026-10-25", 1), kHour}});
// From midnight to 01:00, at 03:00 UTC; and back from midnight to 23:00, at 02:00 UTC.
const TimeZone kSaoPaulo(Periods{{at("2018-02-18", 2), -3 * kHour},
                                 {at("2018-11-04", 3), -2 * kHour},
                                 {at("2019-02-17", 2), -3 * kHour}});
// Across the date line: from -10:00 to +14:00, at midnight.
const TimeZone kApia(Periods{{at("2011-09-24", 14), -10 * kHour},
                             {at("2011-12-30", 10), 14 * kHour}});
const TimeZone kKathmandu(Periods{{0, 5 * kHour + 45 * kMinute}});
// Clocks went back a minute after midnight, to 23:01.
const TimeZone kStJohns(Periods{{at("2011-03-13", 3.5) + kMinute, -150 * kMinute},
                                {at("2011-11-06", 2.5) + kMinute, -210 * kMinute}});
// From 03:00 back to 01:00, at 01:00 UTC.
const TimeZone kTroll(Periods{{at("2026-03-29", 1), 2 * kHour}, {at("2026-10-25", 1), 0}});

TEST(TimeZone, UtcIsTheZoneOfNoOffset) {
  EXPECT_EQ(TimeZone().interval_of(day("2026-05-15")),
            (Interval{at("2026-05-15", 0), at("2026-05-16", 0)}));
  EXPECT_EQ(TimeZone().day_of(at("2026-05-15", 0)), day("2026-05-15"));
  EXPECT_EQ(TimeZone().day_of(at("2026-05-15", 0) - 1), day("2026-05-14"));
  EXPECT_EQ(TimeZone().day_of(at("1969-12-31", 23)), day("1969-12-31"));
  EXPECT_EQ(TimeZone().day_grid({at("2026-05-15", 0), at("2027-05-15", 0)}), kMicrosPerDay);
}

TEST(TimeZone, ADayLasts23Or25HoursWhereClocksChange) {
  EXPECT_EQ(kBerlin.interval_of(day("2026-03-28")),
            (Interval{at("2026-03-27", 23), at("2026-03-28", 23)}));
  EXPECT_EQ(kBerlin.interval_of(day("2026-03-29")),
            (Interval{at("2026-03-28", 23), at("2026-03-29", 22)}));
  EXPECT_EQ(kBerlin.interval_of(day("2026-10-25")),
            (Interval{at("2026-10-24", 22), at("2026-10-25", 23)}));
  EXPECT_EQ(kBerlin.day_of(at("2026-03-29", 21.99)), day("2026-03-29"));
  EXPECT_EQ(kBerlin.day_of(at("2026-03-29", 22)), day("2026-03-30"));
  EXPECT_EQ(kBerlin.local(at("2026-03-29", 1)), at("2026-03-29", 3));
}

TEST(TimeZone, ADayWithoutMidnightBeginsWhereClocksGoOn) {
  EXPECT_EQ(kSaoPaulo.interval_of(day("2018-11-03")),
            (Interval{at("2018-11-03", 3), at("2018-11-04", 3)}));
  EXPECT_EQ(kSaoPaulo.interval_of(day("2018-11-04")),
            (Interval{at("2018-11-04", 3), at("2018-11-05", 2)}));
  EXPECT_EQ(kSaoPaulo.day_of(at("2018-11-04", 3)), day("2018-11-04"));
  EXPECT_EQ(kSaoPaulo.day_of(at("2018-11-04", 3) - 1), day("2018-11-03"));
  EXPECT_EQ(kSaoPaulo.interval_of(day("2019-02-16")),
            (Interval{at("2019-02-16", 2), at("2019-02-17", 3)}));
}

TEST(TimeZone, ASkippedDayLastsNoTime) {
  EXPECT_EQ(kApia.start_of(day("2011-12-29")), at("2011-12-29", 10));
  EXPECT_EQ(kApia.interval_of(day("2011-12-30")),
            (Interval{at("2011-12-30", 10), at("2011-12-30", 10)}));
  EXPECT_EQ(kApia.interval_of(day("2011-12-31")),
            (Interval{at("2011-12-30", 10), at("2011-12-31", 10)}));
  EXPECT_EQ(kApia.day_of(at("2011-12-30", 10) - 1), day("2011-12-29"));
  EXPECT_EQ(kApia.day_of(at("2011-12-30", 10)), day("2011-12-31"));
}

TEST(TimeZone, OnceADayHasBegunItsHoursAreItsOwnThoughClocksGoBackBeforeMidnight) {
  EXPECT_EQ(kStJohns.interval_of(day("2011-11-06")),
            (Interval{at("2011-11-06", 2.5), at("2011-11-07", 3.5)}));
  EXPECT_EQ(kStJohns.day_of(at("2011-11-06", 3)), day("2011-11-06"));  // the clocks show 23:30
  // A minute of it, then the clocks go back; 00:00 to 00:59 again.
  EXPECT_EQ(kStJohns.hour_of(day("2011-11-06"), 0),
            (std::vector<Interval>{{at("2011-11-06", 2.5), at("2011-11-06", 2.5) + kMinute},
                                   {at("2011-11-06", 3.5), at("2011-11-06", 4.5)}}));
  EXPECT_EQ(kStJohns.hour_of(day("2011-11-06"), 23),
            (std::vector<Interval>{{at("2011-11-06", 2.5) + kMinute, at("2011-11-06", 3.5)},
                                   {at("2011-11-07", 2.5), at("2011-11-07", 3.5)}}));
}

TEST(TimeZone, AnHourIsWhatTheClocksShow) {
  const auto hour = [](double from, double to) {
    return std::vector<Interval>{{at("2026-10-25", from), at("2026-10-25", to)}};
  };
  EXPECT_EQ(kBerlin.hour_of(day("2026-10-25"), 1), hour(-1, 0));
  EXPECT_EQ(kBerlin.hour_of(day("2026-10-25"), 2), hour(0, 2));  // twice, one after the other
  EXPECT_EQ(kBerlin.hour_of(day("2026-10-25"), 3), hour(2, 3));
  EXPECT_TRUE(kBerlin.hour_of(day("2026-03-29"), 2).empty());
  EXPECT_TRUE(kApia.hour_of(day("2011-12-30"), 12).empty());
  EXPECT_EQ(kTroll.hour_of(day("2026-10-25"), 1),
            (std::vector<Interval>{{at("2026-10-24", 23), at("2026-10-25", 0)},
                                   {at("2026-10-25", 1), at("2026-10-25", 2)}}));
  EXPECT_EQ(kKathmandu.hour_of(day("2026-05-15"), 0),
            (std::vector<Interval>{{at("2026-05-14", 18.25), at("2026-05-14", 19.25)}}));
}

TEST(TimeZone, TheGridOfDaysIsAsWideAsTheirBeginningsAllow) {
  const auto grid = [](const TimeZone& zone, std::string_view from, std::string_view to) {
    return zone.day_grid({zone.start_of(day(from)), zone.start_of(day(to))});
  };
  EXPECT_EQ(grid(kKathmandu, "2026-01-01", "2027-01-01"), kMicrosPerDay);
  EXPECT_EQ(grid(kBerlin, "2026-04-01", "2026-09-01"), kMicrosPerDay);
  EXPECT_EQ(grid(kBerlin, "2026-01-01", "2026-09-01"), kHour);
  EXPECT_EQ(grid(kSaoPaulo, "2018-10-01", "2018-12-01"), kHour);
  EXPECT_EQ(grid(kApia, "2011-12-01", "2012-01-10"), kMicrosPerDay);  // a whole day was skipped
}

TEST(TimeZone, WhatFollowsTheTableRepeatsIts400LastYears) {
  const TimeZone zone(Periods{{at("2400-01-15", 0), kHour}, {at("2400-07-15", 1), 2 * kHour}});
  EXPECT_EQ(zone.start_of(day("2800-02-15")), at("2800-02-14", 23));
  EXPECT_EQ(zone.start_of(day("2800-07-16")), at("2800-07-15", 22));
  EXPECT_EQ(zone.day_of(at("3200-02-14", 23)), day("3200-02-15"));
  EXPECT_EQ(zone.day_grid({zone.start_of(day("2800-01-20")), zone.start_of(day("2801-01-01"))}),
            kHour);
}

}  // namespace
}  // namespace daedalus
