#include "rolling/pit_block.h"

#include <arrow/api.h>

#include "daedalus/error.h"

namespace daedalus {
namespace {

const std::int64_t* micros_of(const arrow::Table& table) {
  // The table keeps the array's memory.
  const auto times = only_chunk(table, "__t");
  if (times->type()->id() != arrow::Type::TIMESTAMP || times->null_count() > 0)
    throw Error(ErrorKind::kBug, "__t must be a TIMESTAMP, and never NULL");
  return static_cast<const arrow::TimestampArray&>(*times).raw_values();
}

// The column `name` of `table`, or, where it has none, the column `of_item` of its items.
ColumnValues values_in(const arrow::Table& table, const std::string& name,
                       const arrow::Table* items, const std::string& of_item) {
  if (items == nullptr || table.schema()->GetFieldIndex(name) >= 0)
    return {only_chunk(table, name), nullptr};
  const auto numbers = only_chunk(table, "__item");
  return {only_chunk(*items, of_item),
          static_cast<const arrow::Int64Array&>(*numbers).raw_values()};
}

}  // namespace

std::shared_ptr<arrow::Array> only_chunk(const arrow::Table& table, const std::string& column) {
  const auto chunks = table.GetColumnByName(column);
  if (chunks == nullptr) throw Error(ErrorKind::kBug, "a table misses the column " + column);
  if (chunks->num_chunks() == 1) return chunks->chunk(0);
  return arrow::MakeEmptyArray(chunks->type()).ValueOrDie();
}

EventBlock::EventBlock(std::shared_ptr<arrow::Table> events, std::shared_ptr<arrow::Table> items)
    : table(std::move(events)),
      item_table(std::move(items)),
      keys(only_chunk(*table, "__key")),
      name(static_cast<const arrow::Int32Array&>(*only_chunk(*table, "__event")).raw_values()),
      time(micros_of(*table)) {
  const std::int64_t events_in_all = table->num_rows();
  for (std::int64_t i = 0; i < events_in_all; ++i) {
    const auto key = static_cast<std::size_t>(keys.codes()[i]);
    if (key == key_begin.size()) key_begin.push_back(i);
    if (key + 1 != key_begin.size())
      throw Error(ErrorKind::kBug, "aggregate_pit_table: the events of a key are not together");
  }
  key_begin.push_back(events_in_all);
}

ColumnValues EventBlock::values(const std::string& column) const {
  return values_in(*table, column, item_table.get(), column);
}

RowBlock::RowBlock(std::shared_ptr<arrow::Table> rows, const EventBlock& events)
    : table(std::move(rows)), time(micros_of(*table)) {
  const auto keys = only_chunk(*table, "__key");
  key.reserve(table->num_rows());
  for (std::int64_t i = 0; i < table->num_rows(); ++i) key.push_back(events.keys.find(*keys, i));
}

ColumnValues RowBlock::own_values(const std::string& column, const EventBlock& events) const {
  return values_in(*table, "__own_" + column, events.item_table.get(), column);
}

}  // namespace daedalus
