#include "cli/status_table.h"

#include <gtest/gtest.h>

namespace daedalus::cli {
namespace {

using Cause = StaleReason::Cause;

std::vector<DayStanding> one_of_each() {
  return {{.day = "2026-05-13", .state = DayState::kPublished, .rows = 1200, .bytes = 5600},
          {.day = "2026-05-14",
           .state = DayState::kStale,
           .reasons = {{Cause::kConfiguration, {"runtime.chunk"}}},
           .rows = 7,
           .bytes = 999},
          {.day = "2026-05-15",
           .state = DayState::kFailed,
           .reasons = {{Cause::kMissing, {}}},
           .error = "3 of 9 rows are invalid\nmore",
           .error_kind = ErrorKind::kDataCheck},
          {.day = "2026-05-16", .reasons = {{Cause::kMissing, {}}}}};
}

TEST(StatusTable, IsALineADay) {
  EXPECT_EQ(standing_table(one_of_each(), "out"),
            "day         state       rows   bytes  why\n"
            "2026-05-13  published  1,200  5.6 kB\n"
            "2026-05-14  stale          7   999 B  config changed: runtime.chunk\n"
            "2026-05-15  failed         -       -  (data check) 3 of 9 rows are invalid\n"
            "2026-05-16  missing        -       -\n"
            "\n"
            "4 days: 1 published, 1 stale, 1 failed, 1 missing in out\n");
}

TEST(StatusTable, CountsOnlyStatesThatThereAre) {
  EXPECT_EQ(standing_table({{.day = "2026-05-16"}}, "out"),
            "day         state    rows  bytes  why\n"
            "2026-05-16  missing     -      -\n"
            "\n"
            "1 day: 1 missing in out\n");
}

TEST(StatusTable, AsJsonHoldsAllNames) {
  const Json json = to_json(one_of_each());
  ASSERT_EQ(json.size(), 4U);
  EXPECT_EQ(json[0].dump(),
            R"({"day":"2026-05-13","state":"published","rows":1200,"bytes":5600,"reasons":[]})");
  EXPECT_EQ(json[1]["reasons"].dump(), R"([{"cause":"config changed","names":["runtime.chunk"]}])");
  EXPECT_EQ(json[2]["error_kind"], "data check");
  EXPECT_EQ(json[2]["error"], "3 of 9 rows are invalid\nmore");
  EXPECT_FALSE(json[3].contains("error"));
}

}  // namespace
}  // namespace daedalus::cli
