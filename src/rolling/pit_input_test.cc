#include "daedalus/pit_input.h"

#include <arrow/api.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/engine.h"

namespace daedalus {
namespace {

std::shared_ptr<arrow::Table> table(const std::string& select) { return Engine({}).table(select); }

// Rows `(user_id, artwork_id, at, event, x)` at seconds after 2026-05-15.
std::shared_ptr<arrow::Table> events(const std::string& values) {
  return table(
      "SELECT u AS user_id, a AS artwork_id, TIMESTAMP '2026-05-15' + to_seconds(s) AS "
      "event_timestamp, "
      "e AS event, x FROM (VALUES " +
      values + ") AS v(u, a, s, e, x)");
}

const char* const kLikes =
    R"([{"name": "likes", "column": "artwork_id", "events": ["like"], "windows": ["1m"]}])";

std::vector<std::string> lists(const std::shared_ptr<arrow::Table>& rows, int column = 0) {
  std::vector<std::string> texts;
  for (std::int64_t i = 0; i < rows->num_rows(); ++i)
    texts.push_back(rows->column(column)->GetScalar(i).ValueOrDie()->ToString());
  return texts;
}

std::string message_of(const std::function<void()>& work, ErrorKind kind) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

PitInput input(const std::string& values, const std::string& specs,
               const std::shared_ptr<arrow::Table>& rows = nullptr) {
  return {events(values), rows, parse_aggregation_specs(specs), {{"threads", "1"}}};
}

class PitInputTest : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Engines, PitInputTest, ::testing::ValuesIn(pit_engine_names()));

TEST_P(PitInputTest, KeepsTheOrderOfTheRows) {
  const PitInput given = input(
      "('b', 'p', 9, 'like', 0), ('a', 'q', 30, 'like', 0), ('b', 'r', 5, 'like', 0), ('a', 's', "
      "0, "
      "'like', 0)",
      kLikes);
  const auto made = aggregate_pit_table(given, GetParam());
  EXPECT_TRUE(made->schema()->Equals(*given.schema()));
  EXPECT_THAT(lists(made), ::testing::ElementsAre("list<l: string>[r]", "list<l: string>[s]",
                                                  "list<l: string>[]", "list<l: string>[]"));
}

TEST_P(PitInputTest, TakesRowsOfTheirOwn) {
  const auto rows = table(
      "SELECT unnest(['b', NULL, 'nobody', 'b']) AS user_id, unnest([TIMESTAMP '2026-05-15 "
      "00:01:05', "
      "'2026-05-15 00:00:30', '2026-05-15 00:00:30', '2026-05-15 00:01:05.000001']) AS "
      "event_timestamp");
  const PitInput given = input("('b', 'p', 9, 'like', 0), ('b', 'r', 5, 'like', 0)", kLikes, rows);
  EXPECT_THAT(lists(aggregate_pit_table(given, GetParam())),
              ::testing::ElementsAre("list<l: string>[p, r]", "list<l: string>[]",
                                     "list<l: string>[]", "list<l: string>[p]"));
}

// The ties of ('x', 'like') and ('y', 'like') are 0x9f2f… and 0x0c3a…; see event_tie_test for the
// hash.
TEST_P(PitInputTest, OrdersEventsOfOneInstantByTieAndThenByTheOtherColumns) {
  const auto tie = Engine({}).query("SELECT event_tie('x', 'like') > event_tie('y', 'like')");
  const std::string newest = tie.at(0).at(0) == "true" ? "x, y" : "y, x";
  EXPECT_THAT(
      lists(aggregate_pit_table(
          input("('u', 'x', 0, 'like', 0), ('u', 'y', 0, 'like', 0), ('u', 'z', 1, 'view', 0)",
                kLikes),
          GetParam())),
      ::testing::Contains("list<l: string>[" + newest + "]"));
  const PitInput same = input(
      "('u', 'x', 0, 'like', 2), ('u', 'x', 0, 'like', NULL), ('u', 'x', 0, 'like', 3), ('u', 'z', "
      "1, "
      "'view', 0)",
      R"([{"name": "x", "column": "x", "events": ["like"], "windows": ["1m"]}])");
  EXPECT_EQ(lists(aggregate_pit_table(same, GetParam())).back(), "list<l: int32>[3, 2]");
}

TEST_P(PitInputTest, RoundsNanosecondsDown) {
  // One nanosecond before the row, in another zone, and before 1970.
  const auto times = table(
      "SELECT 'u' AS user_id, 'x' AS artwork_id, 'like' AS event, "
      "make_timestamp_ns(unnest([-60000000001, "
      "-1])) AS event_timestamp");
  const PitInput given(times, nullptr, parse_aggregation_specs(kLikes), {});
  EXPECT_EQ(lists(aggregate_pit_table(given, GetParam())).back(), "list<l: string>[x]");
}

TEST(PitInput, NamesAllThatIsWrongWithTheTables) {
  const std::string one = "('u', 'x', 0, 'like', 0)";
  EXPECT_THAT(
      message_of(
          [&] {
            input(one,
                  R"([{"name": "a", "column": "artwrk_id", "events": ["like"], "windows": ["1m"]},
      {"name": "b", "column": "x", "events": ["like"], "windows": ["1m"], "flatten_distinct": true},
      {"name": "x", "column": "x", "events": ["like"], "windows": "cumulative"}])");
          },
          ErrorKind::kConfig),
      ::testing::AllOf(::testing::HasSubstr("no column 'artwrk_id'; did you mean 'artwork_id'?"),
                       ::testing::HasSubstr("b: flatten_distinct needs lists, and x is INTEGER"),
                       ::testing::HasSubstr("x: the rows have a column 'x' already")));
  EXPECT_THAT(
      message_of([&] { input("(1.5, 'x', 0, 7, 0)", kLikes); }, ErrorKind::kInput),
      ::testing::AllOf(::testing::HasSubstr("user_id of the events is DECIMAL(2,1)"),
                       ::testing::HasSubstr("event of the events is INTEGER; cast it to text")));
  EXPECT_THAT(message_of([&] { input(one + ", ('u', NULL, NULL, 'like', 0)", kLikes); },
                         ErrorKind::kDataCheck),
              ::testing::AllOf(::testing::HasSubstr("1 of 2 events have no artwork_id"),
                               ::testing::HasSubstr("1 of 2 events have no event_timestamp")));
}

TEST(PitInput, RefusesOwnValuesThatCannotEqualTheListed) {
  const auto rows =
      table("SELECT 'u' AS user_id, TIMESTAMP '2026-05-15' AS event_timestamp, 'text' AS x");
  EXPECT_THAT(message_of(
                  [&] {
                    input("('u', 'x', 0, 'like', 0)",
                          R"([{"name": "a", "column": "x", "events": ["like"], "windows": ["1m"],
      "exclude_self": true}])",
                          rows);
                  },
                  ErrorKind::kConfig),
              ::testing::HasSubstr("x, which is INTEGER in the events and VARCHAR in the rows"));
}

TEST(PitInput, LeavesNoFiles) {
  const auto base = std::filesystem::path(::testing::TempDir()) / "pit-input-files";
  {
    const PitInput given(events("('u', 'x', 0, 'like', 0)"), nullptr,
                         parse_aggregation_specs(kLikes), {{"temp_directory", base.string()}});
    EXPECT_TRUE(std::filesystem::exists(given.events_file()));
  }
  EXPECT_THROW(PitInput(events("('u', NULL, 0, 'like', 0)"), nullptr,
                        parse_aggregation_specs(kLikes), {{"temp_directory", base.string()}}),
               Error);
  EXPECT_TRUE(std::filesystem::is_empty(base));
  std::filesystem::remove_all(base);
}

TEST(ParseAggregationSpecs, TellsAllProblems) {
  EXPECT_THAT(
      message_of(
          [] {
            parse_aggregation_specs(
                R"([{"name": "a", "events": ["like"], "windows": ["7x"], "ordre": "newest_first"}])");
          },
          ErrorKind::kConfig),
      ::testing::AllOf(
          ::testing::HasSubstr("aggregation_specs[0] (a).windows[0]: expected a duration"),
          ::testing::HasSubstr("unknown key 'ordre'"), ::testing::HasSubstr("column")));
  EXPECT_EQ(parse_aggregation_specs("[]").size(), 0U);
}

}  // namespace
}  // namespace daedalus
