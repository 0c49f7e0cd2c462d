#include "pit_world.h"

#include <arrow/api.h>
#include <arrow/json/from_string.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "fuzz_target.h"

namespace daedalus::fuzz {
namespace {

constexpr int kMostEvents = 40;
constexpr int kMostRows = 24;
constexpr int kKeys = 4;

// Elements of every kind that the kernel tells apart, as Arrow's JSON.
struct Literals {
  std::shared_ptr<arrow::DataType> type;
  const char* json;
  std::vector<int> same;
};

const std::array<Literals, 6>& all_literals() {
  static const std::array<Literals, 6> kAll{
      {{arrow::utf8(), R"(["", "a", "b", "ä", "a longer one, not inlined", "a\u0000"])", {}},
       {arrow::int32(), "[0, 1, -1, 2147483647, -2147483648, 7]", {}},
       {arrow::float64(), "[0.0, -0.0, 1.5, NaN, Inf, -Inf]", {0, 0, 2, 3, 4, 5}},
       {arrow::boolean(), "[true, false]", {}},
       {arrow::date32(), "[0, -1, 20000]", {}},
       {arrow::struct_({arrow::field("x", arrow::int32()), arrow::field("y", arrow::utf8())}),
        R"([{"x": 1, "y": "a"}, {"x": 1, "y": null}, {"x": null, "y": "a"}, {"x": 2, "y": ""}])",
        {}}}};
  return kAll;
}

ValueType make_type(Choices& choices) {
  const Literals& chosen = all_literals()[choices.below(static_cast<int>(all_literals().size()))];
  ValueType value;
  value.literals = arrow::json::ArrayFromJSONString(chosen.type, chosen.json).ValueOrDie();
  value.same = chosen.same;
  for (int i = static_cast<int>(value.same.size()); i < value.literals->length(); ++i)
    value.same.push_back(i);
  value.is_list = choices.flag();
  return value;
}

std::optional<Element> make_element(Choices& choices, const ValueType& value) {
  const int number = choices.below(static_cast<int>(value.same.size()) + 1) - 1;
  if (number < 0) return std::nullopt;
  return Element{.number = number, .same = value.same[number]};
}

Cell make_cell(Choices& choices, const ValueType& value) {
  if (!value.is_list) {
    const std::optional<Element> element = make_element(choices, value);
    return element ? Cell{.is_null = false, .elements = {element}} : Cell{};
  }
  const int length = choices.below(5) - 1;
  Cell cell{.is_null = length < 0, .elements = {}};
  for (int i = 0; i < length; ++i) cell.elements.push_back(make_element(choices, value));
  return cell;
}

// Mostly near one another, some at the ends of the range.
std::int64_t make_time(Choices& choices) {
  const int second = choices.below(40);
  if (second == 38) return std::numeric_limits<std::int64_t>::min() + choices.below(4);
  if (second == 39) return std::numeric_limits<std::int64_t>::max() - choices.below(4);
  return second - 8;
}

PitSpec make_spec(Choices& choices, const ValueType& value, int number) {
  AggregationSpec spec;
  spec.name = fmt::format("spec_{}", number);
  spec.column = "value";
  if (choices.below(6) == 5) spec.agg = AggregationSpec::Agg::kCount;
  spec.cumulative = choices.below(4) == 3;
  const int windows = spec.cumulative ? 0 : 1 + choices.below(3);
  for (int i = 0; i < windows; ++i) {
    const int length = choices.below(24);
    const std::int64_t micros = length == 23 ? 365'000 * std::int64_t{86'400'000'000} : length + 1;
    spec.windows.push_back({micros, fmt::format("w{}", i)});
  }
  spec.flatten_distinct = value.is_list && choices.flag();
  spec.distinct = choices.flag();
  spec.exclude_self = choices.flag();
  if (choices.flag()) spec.max_length = 1 + choices.below(5);
  if (choices.flag()) spec.order = AggregationSpec::Order::kOldestFirst;
  return {spec, spec.output_names()};
}

void sort_as_the_engine_does(PitWorld& world, bool rows_by_key) {
  std::ranges::stable_sort(world.events, [](const OracleEvent& a, const OracleEvent& b) {
    return a.key != b.key ? a.key < b.key : a.time > b.time;
  });
  if (!rows_by_key) return;
  std::ranges::stable_sort(world.rows, [](const OracleRow& a, const OracleRow& b) {
    return std::pair(a.key, a.time) < std::pair(b.key, b.time);
  });
}

void append(arrow::ArrayBuilder& builder, const arrow::Array& literals,
            const std::optional<Element>& element) {
  const arrow::Status status = element
                                   ? builder.AppendArraySlice(*literals.data(), element->number, 1)
                                   : builder.AppendNull();
  require(status.ok(), status.ToString());
}

}  // namespace

int Choices::below(int end) {
  if (bytes_.empty()) return 0;
  const auto byte = static_cast<unsigned char>(bytes_.front());
  bytes_.remove_prefix(1);
  return byte % end;
}

std::shared_ptr<arrow::DataType> ValueType::type() const {
  return is_list ? arrow::list(literals->type()) : literals->type();
}

std::shared_ptr<arrow::Array> ValueType::column(const std::vector<Cell>& cells) const {
  const auto builder = arrow::MakeBuilder(type()).ValueOrDie();
  for (const Cell& cell : cells) {
    if (cell.is_null) {
      append(*builder, *literals, std::nullopt);
    } else if (!is_list) {
      append(*builder, *literals, cell.elements.front());
    } else {
      auto& lists = static_cast<arrow::ListBuilder&>(*builder);
      require(lists.Append().ok(), "no room for a list");
      for (const auto& element : cell.elements) append(*lists.value_builder(), *literals, element);
    }
  }
  return builder->Finish().ValueOrDie();
}

PitWorld make_pit_world(std::string_view bytes) {
  Choices choices(bytes);
  PitWorld world;
  world.value = make_type(choices);
  world.has_items = choices.flag();
  world.has_text_keys = choices.flag();
  world.padding = choices.below(3);
  world.piece = 1 + choices.below(kMostRows);
  const bool rows_by_key = choices.flag();
  const int specs = 1 + choices.below(3);
  for (int i = 0; i < specs; ++i) {
    world.specs.push_back(make_spec(choices, world.value, i));
    std::vector<char>& takes = world.takes.emplace_back();
    for (int name = 0; name < kEventNames; ++name) takes.push_back(choices.below(4) != 0 ? 1 : 0);
  }
  const int rows = choices.below(kMostRows);
  for (int i = 0; i < rows; ++i) {
    const int key = choices.below(kKeys + 2);
    OracleRow& row = world.rows.emplace_back();
    if (key <= kKeys) row.key = key;
    row.time = make_time(choices);
    row.own = make_cell(choices, world.value);
  }
  while (!choices.empty() && world.events.size() < kMostEvents) {
    OracleEvent& event = world.events.emplace_back();
    event.key = choices.below(kKeys);
    event.time = make_time(choices);
    event.name = choices.below(kEventNames);
    event.value = make_cell(choices, world.value);
  }
  sort_as_the_engine_does(world, rows_by_key);
  return world;
}

}  // namespace daedalus::fuzz
