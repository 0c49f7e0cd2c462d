#include "daedalus/pit_table.h"

#include <arrow/api.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace daedalus {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;

AggregationSpec likes() {
  AggregationSpec spec;
  spec.name = "likes";
  spec.column = "item";
  spec.events = {"like"};
  spec.windows = {{kHour, "1h"}, {24 * kHour, "1d"}};
  return spec;
}

// User 1: item a at 10:00, b and c at 11:00 (b before c in the total order), a at 12:00, a NULL at
// 12:30; a view of z. Rows: 0 at 12:00 with own item a, 1 at 13:00 with own item b; 2 of user 2,
// who has no event.
PitTable table() {
  return {
      "SELECT 1 AS __key, CAST(t AS TIMESTAMP) AS __t, -seq AS __seq, list_position(['like', "
      "'view'], event) - 1 AS __event, item, tags "
      "FROM (VALUES "
      "('2026-05-15 10:00', 0, 'like', 'a', ['x', 'y']), ('2026-05-15 11:00', 1, 'like', 'b', "
      "['y', NULL, 'z']), "
      "('2026-05-15 11:00', 2, 'like', 'c', []), ('2026-05-15 12:00', 3, 'like', 'a', ['z', 'x']), "
      "('2026-05-15 12:30', 4, 'like', NULL, NULL), ('2026-05-15 11:30', 5, 'view', 'z', ['v'])) "
      "AS e(t, seq, event, item, tags) ORDER BY __t DESC, seq DESC",
      "",
      {"like", "view"},
      "SELECT row_id AS __row_id, user AS __key, CAST(t AS TIMESTAMP) AS __t, own AS __own_item, "
      "own_tags AS __own_tags FROM "
      "(VALUES (0, 1, '2026-05-15 12:00', 'a', ['y']), (1, 1, '2026-05-15 13:00', 'b', NULL), "
      "(2, 2, '2026-05-15 13:00', 'a', ['x'])) AS r(row_id, user, t, own, own_tags)"};
}

class AggregatePitTable : public testing::TestWithParam<std::string> {
 protected:
  // The column as text, a row a line.
  static std::string column(const AggregationSpec& spec, const std::string& name) {
    const auto engine = make_pit_engine(GetParam(), table(), pit_specs({spec}), {});
    const auto result = engine->next(3);
    std::string text;
    for (std::int64_t row = 0; row < 3; ++row) {
      text += result->GetColumnByName(name)->GetScalar(row).ValueOrDie()->ToString() + "\n";
    }
    EXPECT_EQ(engine->next(3)->num_rows(), 0);
    return text;
  }
};

std::string lists(const std::vector<std::string>& rows) {
  std::string text;
  for (const std::string& row : rows) text += "list<l: string>[" + row + "]\n";
  return text;
}

TEST_P(AggregatePitTable, AWindowIsHalfOpenAndNewestComesFirst) {
  EXPECT_EQ(column(likes(), "likes_1h"), lists({"c, b", "a", ""}));
  EXPECT_EQ(column(likes(), "likes_1d"), lists({"c, b, a", "a, c, b, a", ""}));
}

TEST_P(AggregatePitTable, ExcludeSelfThenDistinctThenLengthThenOrder) {
  AggregationSpec spec = likes();
  spec.distinct = true;
  EXPECT_EQ(column(spec, "likes_1d"), lists({"c, b, a", "a, c, b", ""}));
  spec.exclude_self = true;
  EXPECT_EQ(column(spec, "likes_1d"), lists({"c, b", "a, c", ""}));
  spec.max_length = 1;
  EXPECT_EQ(column(spec, "likes_1d"), lists({"c", "a", ""}));
  spec.max_length = 2;
  spec.order = AggregationSpec::Order::kOldestFirst;
  EXPECT_EQ(column(spec, "likes_1d"), lists({"b, c", "c, a", ""}));
}

TEST_P(AggregatePitTable, FlattenKeepsTheOrderWithinAnEvent) {
  AggregationSpec spec = likes();
  spec.column = "tags";
  spec.flatten_distinct = true;
  EXPECT_EQ(column(spec, "likes_1d"), lists({"y, z, x", "z, x, y", ""}));
  spec.exclude_self = true;
  EXPECT_EQ(column(spec, "likes_1d"), lists({"z, x", "z, x, y", ""}));
}

TEST_P(AggregatePitTable, ACountCountsEventsWhateverTheirValues) {
  AggregationSpec spec = likes();
  spec.agg = AggregationSpec::Agg::kCount;
  EXPECT_EQ(column(spec, "likes_1h"), "2\n2\n0\n");
  EXPECT_EQ(column(spec, "likes_1d"), "3\n5\n0\n");
}

TEST_P(AggregatePitTable, CumulativeHasNoLowerBoundAndIsDistinct) {
  AggregationSpec spec = likes();
  spec.windows.clear();
  spec.cumulative = true;
  EXPECT_EQ(column(spec, "likes"), lists({"c, b, a", "a, c, b", ""}));
}

TEST(PitEngineNames, AnEngineThatIsNotThereIsAConfigurationError) {
  EXPECT_THROW(make_pit_engine("spark", table(), {}, {}), Error);
}

INSTANTIATE_TEST_SUITE_P(Engines, AggregatePitTable, testing::ValuesIn(pit_engine_names()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace daedalus
