// The engines of aggregate_pit_table hold one another to the last element, on random tables.
#include <arrow/api.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

#include "daedalus/pit_table.h"
#include "rolling/pit_block.h"

namespace daedalus {
namespace {

// Values of each type, as SQL: some alike, some NULL. No -0.0: the reference loses its sign.
const std::map<std::string, std::vector<std::string>>& literals() {
  static const std::map<std::string, std::vector<std::string>> kLiterals{
      {"VARCHAR", {"NULL", "''", "'a'", "'b'", "'ä'", "'a long one that is not inlined'"}},
      {"BLOB", {"NULL", "''::BLOB", "'a'::BLOB", "'\\x00\\xFF'::BLOB"}},
      {"INTEGER", {"NULL", "0", "1", "-1", "2147483647"}},
      {"DOUBLE", {"NULL", "0e0", "1.5e0", "'nan'::DOUBLE", "'inf'::DOUBLE"}},
      {"BOOLEAN", {"NULL", "true", "false"}},
      {"DATE", {"NULL", "'2026-05-15'", "'1969-12-31'"}},
      {"STRUCT(x INTEGER, y VARCHAR)",
       {"NULL", "{x: 1, y: 'a'}", "{x: 1, y: NULL}", "{x: 2, y: 'a'}"}},
      {"VARCHAR[]", {"NULL", "[]", "['a']", "['b', NULL, 'a']", "['a', 'a', 'c']", "['', 'c']"}},
      {"INTEGER[]", {"NULL", "[]", "[1]", "[2, NULL, 1]", "[1, 1, 3]"}}};
  return kLiterals;
}

struct Event {
  int key, second, name, value;
};
struct Row {
  int key, second, own;
};

std::string time_of(int second) { return fmt::format("to_timestamp({})::TIMESTAMP", second); }

PitTable table_of(std::vector<Event> events, std::vector<Row> rows, const std::string& type,
                  bool rows_by_key, bool has_items, bool own_of_item) {
  const std::vector<std::string>& values = literals().at(type);
  std::ranges::stable_sort(events, [](const Event& a, const Event& b) {
    return std::pair(a.key, -a.second) < std::pair(b.key, -b.second);
  });
  if (rows_by_key) {
    std::ranges::stable_sort(rows, [](const Row& a, const Row& b) {
      return std::pair(a.key, a.second) < std::pair(b.key, b.second);
    });
  }
  PitTable table;
  table.rows_by_key = rows_by_key;
  table.event_names = {"like", "view", "click"};
  std::vector<std::string> tuples;
  for (const Event& event : events) {
    const auto at = static_cast<std::size_t>(event.value) % values.size();
    tuples.push_back(fmt::format("({}, {}, {}, {}, {})", event.key, time_of(event.second),
                                 tuples.size(), event.name,
                                 has_items ? std::to_string(at) : values[at]));
  }
  const std::string from = tuples.empty() ? "(0, TIMESTAMP '2026-05-15', 0, 0, NULL)"
                                          : fmt::format("{}", fmt::join(tuples, ", "));
  table.events = fmt::format(
      "SELECT k::BIGINT AS __key, t AS __t, s::BIGINT AS __seq, e::INTEGER AS __event, {} FROM "
      "(VALUES {}) AS v(k, t, s, e, x) {} ORDER BY __key, __seq",
      has_items ? "x::BIGINT AS __item" : fmt::format("x::{} AS value", type), from,
      tuples.empty() ? "WHERE false" : "");
  if (has_items) {
    std::vector<std::string> items;
    for (const std::string& value : values) items.push_back(fmt::format("({})", value));
    table.items =
        fmt::format("SELECT x::{} AS value FROM (VALUES {}) AS i(x)", type, fmt::join(items, ", "));
  }
  tuples.clear();
  if (own_of_item) table.own_of_item = {"value"};
  for (const Row& row : rows) {
    const auto at = static_cast<std::size_t>(row.own) % values.size();
    tuples.push_back(fmt::format("({}, {}, {}, {})", tuples.size(), row.key, time_of(row.second),
                                 own_of_item ? std::to_string(at) : values[at]));
  }
  table.rows = fmt::format(
      "SELECT i::BIGINT AS __row_id, k::BIGINT AS __key, t AS __t, {} FROM (VALUES {}) AS v(i, k, "
      "t, o) {} ORDER BY __row_id",
      own_of_item ? "o::BIGINT AS __item" : fmt::format("o::{} AS __own_value", type),
      tuples.empty() ? "(0, 0, TIMESTAMP '2026-05-15', NULL)"
                     : fmt::format("{}", fmt::join(tuples, ", ")),
      tuples.empty() ? "WHERE false" : "");
  return table;
}

PitSpec random_spec(const std::string& type, int number) {
  AggregationSpec spec;
  spec.name = fmt::format("spec_{}", number);
  spec.column = "value";
  const bool is_count = *rc::gen::weightedElement<bool>({{1, true}, {5, false}});
  if (is_count) spec.agg = AggregationSpec::Agg::kCount;
  const std::vector<std::string> names{"like", "view", "click"};
  for (const std::string& name : names) {
    if (*rc::gen::arbitrary<bool>()) spec.events.push_back(name);
  }
  if (spec.events.empty()) spec.events.emplace_back("like");
  spec.cumulative = *rc::gen::weightedElement<bool>({{1, true}, {3, false}});
  if (!spec.cumulative) {
    for (const int seconds :
         *rc::gen::unique<std::vector<int>>(1 + *rc::gen::inRange(0, 3), rc::gen::inRange(1, 40))) {
      spec.windows.push_back({seconds * std::int64_t{1'000'000}, fmt::format("{}s", seconds)});
    }
  }
  if (!is_count) {
    spec.exclude_self = *rc::gen::arbitrary<bool>();
    spec.distinct = *rc::gen::arbitrary<bool>();
    spec.flatten_distinct = type.ends_with("[]") && *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) spec.max_length = *rc::gen::inRange(1, 6);
    if (*rc::gen::arbitrary<bool>()) spec.order = AggregationSpec::Order::kOldestFirst;
  }
  return {spec, spec.output_names()};
}

// `array`, if of lists, with their elements plain, where they are in a dictionary.
std::shared_ptr<arrow::Array> plain(const std::shared_ptr<arrow::Array>& array) {
  if (array->type_id() != arrow::Type::LIST) return array;
  const auto& lists = static_cast<const arrow::ListArray&>(*array);
  if (lists.value_type()->id() != arrow::Type::DICTIONARY) return array;
  const auto& elements = static_cast<const arrow::DictionaryArray&>(*lists.values());
  const auto& entries = static_cast<const arrow::BinaryArray&>(*elements.dictionary());
  std::shared_ptr<arrow::ArrayBuilder> builder = arrow::MakeBuilder(entries.type()).ValueOrDie();
  for (std::int64_t i = 0; i < elements.length(); ++i) {
    EXPECT_TRUE(static_cast<arrow::BinaryBuilder&>(*builder)
                    .Append(entries.GetView(elements.GetValueIndex(i)))
                    .ok());
  }
  std::shared_ptr<arrow::ArrayData> data = lists.data()->Copy();
  data->child_data = {builder->Finish().ValueOrDie()->data()};
  data->type = arrow::list(lists.type()->field(0)->WithType(entries.type()));
  return arrow::MakeArray(data);
}

std::shared_ptr<arrow::Table> plain(const arrow::Table& table) {
  arrow::FieldVector fields;
  arrow::ArrayVector columns;
  for (int i = 0; i < table.num_columns(); ++i) {
    columns.push_back(plain(only_chunk(table, table.field(i)->name())));
    fields.push_back(table.field(i)->WithType(columns.back()->type()));
  }
  return arrow::Table::Make(arrow::schema(std::move(fields)), columns, table.num_rows());
}

// All that an engine makes, asked for in pieces of `piece` rows.
std::string result_of(const std::string& name, const PitTable& table,
                      const std::vector<PitSpec>& specs, std::int64_t piece, int threads) {
  const auto engine =
      make_pit_engine(name, table, specs, {{{"threads", std::to_string(threads)}}, {}});
  std::vector<std::shared_ptr<arrow::Table>> tables{engine->next(piece)};
  while (tables.back()->num_rows() > 0) tables.push_back(engine->next(piece));
  const auto whole = arrow::ConcatenateTables(tables).ValueOrDie()->CombineChunks().ValueOrDie();
  const auto lists = plain(*whole);
  return lists->schema()->ToString() + (lists->num_rows() > 0 ? lists->ToString() : "");
}

RC_GTEST_PROP(PitEngines, GiveTheSameLists, ()) {
  std::vector<std::string> types;
  for (const auto& [type, values] : literals()) types.push_back(type);
  const std::string type = *rc::gen::elementOf(types);
  const auto event = rc::gen::build<Event>(rc::gen::set(&Event::key, rc::gen::inRange(0, 4)),
                                           rc::gen::set(&Event::second, rc::gen::inRange(0, 60)),
                                           rc::gen::set(&Event::name, rc::gen::inRange(0, 3)),
                                           rc::gen::set(&Event::value, rc::gen::inRange(0, 6)));
  const auto row = rc::gen::build<Row>(rc::gen::set(&Row::key, rc::gen::inRange(0, 5)),
                                       rc::gen::set(&Row::second, rc::gen::inRange(0, 70)),
                                       rc::gen::set(&Row::own, rc::gen::inRange(0, 6)));
  const bool has_items = *rc::gen::arbitrary<bool>();
  const PitTable table = table_of(
      *rc::gen::container<std::vector<Event>>(event), *rc::gen::container<std::vector<Row>>(row),
      type, *rc::gen::arbitrary<bool>(), has_items, has_items && *rc::gen::arbitrary<bool>());
  std::vector<PitSpec> specs;
  for (int i = 0; i < 3; ++i) specs.push_back(random_spec(type, i));
  const std::int64_t piece = *rc::gen::inRange(1, 30);
  const int threads = *rc::gen::inRange(1, 4);
  RC_ASSERT(result_of("native", table, specs, piece, threads) ==
            result_of("duckdb", table, specs, 1000, 1));
}

}  // namespace
}  // namespace daedalus
