#include "engine/zone_table.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "config/zone_names.h"

namespace daedalus {
namespace {

using Periods = std::vector<TimeZone::Period>;

constexpr Micros kHour = kMicrosPerDay / 24;

class ZoneTable : public ::testing::Test {
 protected:
  // DuckDB's own local time at instants all over the years 1850 to 3000.
  TextRows local_times(const std::string& zone, int count) {
    return engine_.query(fmt::format(
        "SELECT t, epoch_us(timezone('{}', make_timestamptz(t))) FROM (SELECT -3786825600000000 + "
        "(hash(i) % 36291542400)::BIGINT * 1000000 AS t FROM range({}) r(i))",
        zone, count));
  }

  Engine engine_{EngineSettings{}};
};

TEST_F(ZoneTable, TheConfigurationKnowsTheZonesThatDuckdbKnows) {
  std::vector<std::string> names;
  for (const auto& row : engine_.query("SELECT DISTINCT name FROM pg_timezone_names()"))
    names.push_back(row.at(0).value());
  std::ranges::sort(names);
  EXPECT_EQ(config::zone_names(), names);
  EXPECT_EQ(config::nearest_zone("Berlin"), "Europe/Berlin");
  EXPECT_EQ(config::nearest_zone("europe/berlin"), "Europe/Berlin");
  EXPECT_EQ(config::nearest_zone("Europe/Berln"), "Europe/Berlin");
  EXPECT_EQ(config::nearest_zone("nowhere at all"), "");
}

TEST_F(ZoneTable, UtcHasOneOffsetAndKathmanduHasHadTwo) {
  EXPECT_EQ(time_zone(engine_, "UTC").periods(), (Periods{{0, 0}}));
  const TimeZone kathmandu = time_zone(engine_, "Asia/Kathmandu");
  EXPECT_EQ(kathmandu.periods().back(),
            (TimeZone::Period{day_start(parse_day("1985-12-31").value()) + 37 * kHour / 2,
                              23 * kHour / 4}));  // 1986-01-01 00:00 +05:30 became +05:45
}

TEST_F(ZoneTable, ChangesAreFoundToTheSecond) {
  const auto start = [this](const char* zone, const char* day) {
    return time_zone(engine_, zone).start_of(parse_day(day).value());
  };
  const auto utc = [](const char* day, double hours) {
    return day_start(parse_day(day).value()) + static_cast<Micros>(hours * 3.6e9);
  };
  EXPECT_EQ(start("Europe/Berlin", "2026-03-29"), utc("2026-03-28", 23));
  EXPECT_EQ(start("Europe/Berlin", "2026-03-30"), utc("2026-03-29", 22));
  EXPECT_EQ(start("Europe/Berlin", "2026-10-26"), utc("2026-10-25", 23));
  EXPECT_EQ(start("America/Sao_Paulo", "2018-11-04"), utc("2018-11-04", 3));
  EXPECT_EQ(start("Pacific/Apia", "2011-12-30"), utc("2011-12-30", 10));
  EXPECT_EQ(start("Pacific/Apia", "2011-12-31"), utc("2011-12-30", 10));
  EXPECT_EQ(start("Asia/Kathmandu", "2026-05-15"), utc("2026-05-14", 18.25));
  EXPECT_EQ(start("America/St_Johns", "2011-11-06"), utc("2011-11-06", 2.5));
}

TEST_F(ZoneTable, LocalTimesAreThoseOfDuckdbAlsoBeyondTheTable) {
  for (const char* name : {"Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu",
                           "Africa/Casablanca", "Australia/Lord_Howe", "Antarctica/Troll",
                           "America/St_Johns", "Asia/Manila", "America/Metlakatla"}) {
    const TimeZone zone = time_zone(engine_, name);
    for (const auto& row : local_times(name, 2000)) {
      const Micros instant = std::stoll(row.at(0).value());
      ASSERT_EQ(zone.local(instant), std::stoll(row.at(1).value())) << name << " " << instant;
    }
  }
}

// By the definition, hour by hour: a day begins where its date, or a later one, is first shown.
TEST_F(ZoneTable, DaysBeginWhereTheirDateIsFirstShown) {
  for (const char* name : {"Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia"}) {
    const TimeZone zone = time_zone(engine_, name);
    Day newest = zone.day_of(day_start(parse_day("2010-01-01").value()));
    for (Micros t = day_start(parse_day("2010-01-01").value());
         t < day_start(parse_day("2020-01-01").value()); t += kHour) {
      newest = std::max(newest, day_of(zone.local(t)));
      ASSERT_EQ(zone.day_of(t), newest) << name << " " << t;
      const Interval day = zone.interval_of(newest);
      ASSERT_TRUE(day.begin <= t && t < day.end) << name << " " << t;
    }
  }
}

}  // namespace
}  // namespace daedalus
