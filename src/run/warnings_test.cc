// When a warning is given, at its edges.
#include "run/warnings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/warning_log.h"

namespace daedalus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Micros at(int day, int hour = 0) {
  using namespace std::chrono;
  return day_start(Day(2026y / May / day)) + hour * Micros{3'600'000'000};
}

FeedPartition partition(Micros begin, Micros end) { return {"", {begin, end}, {}}; }

std::vector<std::string> subjects(const std::vector<Warning>& warnings) {
  std::vector<std::string> subjects;
  for (const Warning& warning : warnings) subjects.push_back(warning.subject);
  return subjects;
}

TEST(MissingPartitions, AreGapsThatTheSpineReaches) {
  const std::vector<FeedPartition> days{partition(at(3), at(4)), partition(at(6), at(7)),
                                        partition(at(8), at(9)), partition(at(9), at(10))};
  const auto gaps = [&](Micros begin, Micros end) {
    return subjects(missing_partitions(days, {begin, end}));
  };
  EXPECT_THAT(gaps(at(1), at(10)),
              ElementsAre("before 2026-05-03", "for 2026-05-04 to 2026-05-05", "for 2026-05-07"));
  EXPECT_THAT(gaps(at(2), at(4)), ElementsAre("before 2026-05-03"));
  EXPECT_THAT(gaps(at(3), at(4)), IsEmpty());
  EXPECT_THAT(gaps(at(5), at(7)), ElementsAre("for 2026-05-04 to 2026-05-05"));
  EXPECT_THAT(gaps(at(8), at(12)), IsEmpty());
}

TEST(MissingPartitions, AreOfWholeDays) {
  // From 22 o'clock to 5 two days later, a whole day is missing; from 1 to 23 of one day, none.
  const std::vector<FeedPartition> hours{partition(at(3), at(3, 22)), partition(at(5, 5), at(6, 1)),
                                         partition(at(6, 23), at(8))};
  EXPECT_THAT(subjects(missing_partitions(hours, {at(3), at(8)})), ElementsAre("for 2026-05-04"));
  EXPECT_THAT(missing_partitions({partition(at(3, 1), at(5))}, {at(3), at(5)}), IsEmpty());
}

TEST(MissingPartitions, AreNoneOfAFeedThatIsOnePartition) {
  EXPECT_THAT(missing_partitions({{"all", kAlways, {}}}, {at(1), at(3)}), IsEmpty());
  EXPECT_THAT(missing_partitions({}, {at(1), at(3)}), IsEmpty());
}

// Of one share, the last number of rows that warns and the first that doesn't.
TEST(UnknownCodes, AreMoreThanOnePercent) {
  Plan plan;
  plan.encoded = {"country_code"};
  const auto warnings = [&](std::int64_t unknown) {
    return unknown_codes(plan, {{"feed_day", {{"valid", 200}}},
                                {"unknown_country_code", {{"XX", unknown - 1}, {"YY", 1}}}});
  };
  EXPECT_THAT(warnings(2), IsEmpty());
  ASSERT_EQ(warnings(3).size(), 1U);
  EXPECT_THAT(warnings(3)[0].text, HasSubstr("3 of 200 rows"));
  EXPECT_THAT(warnings(3)[0].text, HasSubstr("'XX'"));
}

TEST(EmptyJoins, AreLessThanOnePercent) {
  Plan plan;
  plan.joined_views = {{"v", "__item"}};
  const auto of_view = [&](std::int64_t known) {
    return subjects(
        empty_joins(plan, {{"feed_day", {{"valid", 200}}}, {"known_rows_v", {{"rows", known}}}}));
  };
  EXPECT_THAT(of_view(1), ElementsAre("view v"));
  EXPECT_THAT(of_view(2), IsEmpty());
  // 300 rows, of which the filter covers 200 and leaves 1, or 2.
  const auto of_pool = [&](std::int64_t in_pool) {
    return subjects(empty_joins(
        {}, {{"covered", {{"rows_in", 300}, {"subject", 200}, {"rows_out", 100 + in_pool}}}}));
  };
  EXPECT_THAT(of_pool(1), ElementsAre("embedding pool"));
  EXPECT_THAT(of_pool(2), IsEmpty());
}

TEST(NewerFeatures, AreMoreThanOnePercentAndOneWarning) {
  Plan plan;
  plan.joined_views = {{"v", "__item"}, {"w", "__user"}, {"x", "__user"}};
  const std::vector<Warning> warnings = newer_features(plan, {{"content_dropped", {{"kept", 200}}},
                                                              {"newer_rows_v", {{"rows", 2}}},
                                                              {"newer_rows_w", {{"rows", 3}}},
                                                              {"newer_rows_x", {{"rows", 200}}}});
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0].counts, ElementsAre(std::pair("rows", 200), std::pair("view w", 3),
                                              std::pair("view x", 200)));
}

TEST(UnusedRows, SayThatAZoneIsMeantForMoreThanNineTenths) {
  const auto text = [](std::int64_t before, std::int64_t after) {
    return unused_row_warnings({.before = before, .after = after}).at(0).text;
  };
  EXPECT_THAT(text(1, 9), testing::Not(HasSubstr("time zone")));
  EXPECT_THAT(text(1, 10), HasSubstr("time zone"));
  EXPECT_THAT(text(10, 1), HasSubstr("time zone"));
  EXPECT_THAT(unused_row_warnings({}), IsEmpty());
}

TEST(UnusedRows, AreThoseOfThePartitionsThatAreAsked) {
  const std::string one = std::to_string(at(1));
  const std::string two = std::to_string(at(2));
  const Counts counts{
      {"unused_rows", {{one + " before", 1}, {two + " after", 2}, {two + " null_time", 4}}}};
  // Two of the same time are counted together.
  const UnusedRows rows = unused_rows(counts, {partition(at(2), at(3)), partition(at(2), at(3))});
  EXPECT_EQ(rows.null_time, 4);
  EXPECT_EQ(rows.misplaced(), 2);
}

class Ears final : public Observer {
 public:
  void run_started(std::size_t, std::size_t, std::size_t) override {}
  void day_started(const std::string&, const std::vector<StaleReason>&) override {}
  void stage_started(const std::string&, const std::string&) override {}
  void stage_finished(const std::string&, const std::string&, double) override {}
  void day_finished(const DayReport&) override {}
  void warning(const std::string& text) override { heard.push_back(text); }

  std::vector<std::string> heard;
};

TEST(WarningLog, SaysEachOnceAndCountsItsDays) {
  const Runtime runtime{.warnings = {{"null-times", WarningPolicy::kIgnore}}};
  Ears ears;
  WarningLog log(runtime, ears);
  const std::vector<Warning> found{{"empty-join", "view v", {{"rows", 2}}, "v knows none", {}},
                                   {"null-times", "", {{"rows", 1}}, "1 row", {}},
                                   {"unknown-event", "like", {}, "no row", {}}};
  EXPECT_EQ(log.take("2026-05-02", found).size(), 2U);
  EXPECT_EQ(log.take("2026-05-01", found).size(), 2U);
  EXPECT_THAT(ears.heard,
              ElementsAre("empty-join: v knows none (2026-05-02)", "unknown-event: no row"));
  ASSERT_EQ(log.all().size(), 2U);
  EXPECT_THAT(log.all()[0].days, ElementsAre("2026-05-01", "2026-05-02"));
}

TEST(WarningLog, ThrowsForAnErrorAndSaysTheRest) {
  const Runtime runtime{.warnings = {{"null-times", WarningPolicy::kError}}};
  Ears ears;
  WarningLog log(runtime, ears);
  try {
    static_cast<void>(log.take("2026-05-01", {{"null-times", "", {{"rows", 1}}, "1 row", {}},
                                              {"unknown-event", "like", {}, "no row", {}}}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kDataCheck);
    EXPECT_THAT(error.what(), HasSubstr("null-times: 1 row"));
  }
  EXPECT_THAT(ears.heard, ElementsAre("unknown-event: no row"));
}

}  // namespace
}  // namespace daedalus
