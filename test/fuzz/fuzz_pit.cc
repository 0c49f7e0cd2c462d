#include <arrow/api.h>

#include <numeric>

#include "fuzz_target.h"
#include "pit_world.h"
#include "rolling/pit_history.h"

namespace daedalus::fuzz {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;

// A table of which `padding` rows at either end can't be seen, each column in one chunk.
std::shared_ptr<arrow::Table> padded(const std::vector<std::pair<std::string, ArrayPtr>>& columns,
                                     int padding) {
  std::vector<std::shared_ptr<arrow::Field>> fields;
  std::vector<ArrayPtr> arrays;
  for (const auto& [name, array] : columns) {
    const auto around = arrow::MakeArrayOfNull(array->type(), std::int64_t{padding}).ValueOrDie();
    fields.push_back(arrow::field(name, array->type()));
    arrays.push_back(arrow::Concatenate({around, array, around}).ValueOrDie());
  }
  const auto table = arrow::Table::Make(arrow::schema(fields), arrays);
  return table->Slice(padding, columns.front().second->length());
}

template <typename Builder, typename Of, typename Things>
ArrayPtr column_of(const Things& things, Of of,
                   std::shared_ptr<arrow::DataType> type = Builder().type()) {
  Builder builder(type, arrow::default_memory_pool());
  for (const auto& thing : things) require(builder.AppendOrNull(of(thing)).ok(), "no room");
  return builder.Finish().ValueOrDie();
}

// Keys as numbers, or as texts that sort as they do.
template <typename Things>
ArrayPtr keys_of(const Things& things, bool as_text) {
  const auto number = [](const auto& thing) { return std::optional<std::int64_t>(thing.key); };
  if (!as_text) return column_of<arrow::Int64Builder>(things, number);
  return column_of<arrow::StringBuilder>(things, [&](const auto& thing) {
    const std::optional<std::int64_t> key = number(thing);
    return key ? std::optional<std::string>("user " + std::to_string(*key)) : std::nullopt;
  });
}

template <typename Things>
ArrayPtr times_of(const Things& things) {
  return column_of<arrow::TimestampBuilder>(
      things, [](const auto& thing) { return std::optional(thing.time); },
      arrow::timestamp(arrow::TimeUnit::MICRO));
}

EventBlock event_block(const PitWorld& world) {
  std::vector<Cell> values;
  for (const OracleEvent& event : world.events) values.push_back(event.value);
  const ArrayPtr names = column_of<arrow::Int32Builder>(
      world.events, [](const OracleEvent& event) { return std::optional(event.name); });
  std::vector<std::pair<std::string, ArrayPtr>> columns{
      {"__key", keys_of(world.events, world.has_text_keys)},
      {"__t", times_of(world.events)},
      {"__event", names}};
  if (!world.has_items) {
    columns.emplace_back("value", world.value.column(values));
    return {padded(columns, world.padding), nullptr};
  }
  // The items in another order than the events.
  std::vector<std::int64_t> places(values.size());
  std::iota(places.rbegin(), places.rend(), 0);
  columns.emplace_back("__item", column_of<arrow::Int64Builder>(places, [](std::int64_t place) {
                         return std::optional(place);
                       }));
  std::vector<Cell> items(values.rbegin(), values.rend());
  return {padded(columns, world.padding),
          padded({{"value", world.value.column(items)}}, world.padding)};
}

std::shared_ptr<arrow::Table> row_table(const PitWorld& world) {
  std::vector<Cell> own;
  for (const OracleRow& row : world.rows) own.push_back(row.own);
  return padded({{"__key", keys_of(world.rows, world.has_text_keys)},
                 {"__t", times_of(world.rows)},
                 {"__own_value", world.value.column(own)}},
                world.padding);
}

// The columns of a specification, made in pieces.
std::vector<ArrayPtr> kernel_columns(const PitWorld& world, std::size_t number,
                                     const EventBlock& events, const RowBlock& rows) {
  const PitSpec& pit = world.specs[number];
  const auto type =
      pit.spec.flatten_distinct ? world.value.type() : arrow::list(world.value.type());
  PitHistory history(pit, world.takes[number], events, rows, type, arrow::default_memory_pool());
  std::vector<arrow::ArrayVector> pieces(pit.output_names.size());
  const auto finish = [&] {
    const std::vector<ArrayPtr> columns = history.finish();
    require(columns.size() == pieces.size(), "as many columns as windows");
    for (std::size_t i = 0; i < columns.size(); ++i) pieces[i].push_back(columns[i]);
  };
  for (std::int64_t row = 0; row < rows.size(); ++row) {
    history.add_row(row);
    if ((row + 1) % world.piece == 0) finish();
  }
  finish();
  std::vector<ArrayPtr> columns;
  for (const arrow::ArrayVector& column : pieces) {
    for (const ArrayPtr& piece : column)
      require(piece->ValidateFull().ok(), piece->ValidateFull().ToString());
    columns.push_back(arrow::Concatenate(column).ValueOrDie());
  }
  return columns;
}

ArrayPtr oracle_column(const PitWorld& world, std::size_t number, std::size_t window) {
  const AggregationSpec& spec = world.specs[number].spec;
  const std::optional<std::int64_t> micros =
      spec.cumulative ? std::nullopt : std::optional(spec.windows[window].micros);
  std::vector<std::vector<Cell>> lists;
  for (const OracleRow& row : world.rows)
    lists.push_back(oracle_list(spec, world.takes[number], micros, world.events, row));
  if (spec.agg == AggregationSpec::Agg::kCount) {
    return column_of<arrow::Int64Builder>(lists, [](const std::vector<Cell>& list) {
      return std::optional(static_cast<std::int64_t>(list.size()));
    });
  }
  std::vector<std::int32_t> offsets{0};
  std::vector<Cell> all;
  for (const std::vector<Cell>& list : lists) {
    all.insert(all.end(), list.begin(), list.end());
    offsets.push_back(static_cast<std::int32_t>(all.size()));
  }
  ValueType element = world.value;
  if (spec.flatten_distinct) element.is_list = false;
  return std::make_shared<arrow::ListArray>(
      arrow::list(element.type()), static_cast<std::int64_t>(lists.size()),
      arrow::Buffer::FromVector(offsets), element.column(all));
}

}  // namespace

void pit(std::string_view bytes) {
  const PitWorld world = make_pit_world(bytes);
  const EventBlock events = event_block(world);
  const RowBlock rows(row_table(world), events);
  for (std::size_t number = 0; number < world.specs.size(); ++number) {
    const std::vector<ArrayPtr> columns = kernel_columns(world, number, events, rows);
    for (std::size_t window = 0; window < columns.size(); ++window) {
      const ArrayPtr expected = oracle_column(world, number, window);
      // Of equal ones the first is kept: -0.0 stays what it is.
      const auto exactly =
          arrow::EqualOptions::Defaults().nans_equal(true).signed_zeros_equal(false);
      require(columns[window]->Equals(*expected, exactly),
              "the kernel gives " + columns[window]->ToString() + "\nnot " + expected->ToString());
    }
  }
}

}  // namespace daedalus::fuzz
