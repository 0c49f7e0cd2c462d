#include "rolling/native_pit_engine.h"

#include <arrow/api.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <numeric>

#include "base/freed_memory.h"
#include "base/parallel.h"
#include "rolling/arrow_value.h"
#include "rolling/list_column.h"
#include "rolling/pit_spec.h"

namespace daedalus {
namespace {

using Agg = AggregationSpec::Agg;

// The most rows whose keys' events are held at once.
constexpr std::int64_t kBlockRows = 32'768;

// The same where all events are held, and gone through for each block.
constexpr std::int64_t kBlockRowsOfAll = 1'048'576;

// Events read at once.
constexpr std::int64_t kReadEvents = 65'536;

// Bytes of one specification's lists after which next() stops early: long lists cost memory by the
// row, not by the block.
constexpr std::int64_t kListBytes = std::int64_t{64} << 20;

constexpr const char* kEvents = "events can't be held";

std::int64_t key_at(const arrow::Table& table, std::int64_t row) {
  return static_cast<const arrow::Int64Array&>(*only_chunk(table, "__key")).Value(row);
}

// The first row of `table`, which is ordered by key, whose key is `key` or greater.
std::int64_t first_not_below(const arrow::Table& table, std::int64_t key) {
  const auto keys = only_chunk(table, "__key");
  const std::int64_t* begin = static_cast<const arrow::Int64Array&>(*keys).raw_values();
  return std::lower_bound(begin, begin + table.num_rows(), key) - begin;
}

// For each event name, whether the specification takes such events.
std::vector<char> takes_of(const AggregationSpec& spec, const std::vector<std::string>& names) {
  std::vector<char> takes;
  for (const std::string& name : names)
    takes.push_back(std::ranges::find(spec.events, name) != spec.events.end() ? 1 : 0);
  return takes;
}

// Items with the strings that lists hold in dictionaries: then lists are numbers until they are
// written. Not strings that are listed in lists of their own.
std::shared_ptr<arrow::Table> with_dictionaries(const arrow::Table& items,
                                                const std::vector<PitSpec>& specs) {
  arrow::FieldVector fields;
  arrow::ArrayVector columns;
  for (const auto& field : items.fields()) {
    const auto array = only_chunk(items, field->name());
    const auto is_listed = [&](bool flattened) {
      return std::ranges::any_of(specs, [&](const PitSpec& pit) {
        return pit.spec.agg == Agg::kList && pit.spec.column == field->name() &&
               pit.spec.flatten_distinct == flattened;
      });
    };
    const bool flattened = is_listed(true);
    const bool as_they_are = is_listed(false);
    if (as_they_are && arrow::is_binary_like(field->type()->id())) {
      columns.push_back(numbered(array));
    } else if (flattened && !as_they_are) {
      columns.push_back(with_numbered_strings(array));
    } else {
      columns.push_back(array);
    }
    fields.push_back(field->WithType(columns.back()->type()));
  }
  return arrow::Table::Make(arrow::schema(std::move(fields)), columns, items.num_rows());
}

// Makes `value` the lesser of itself and `bound`.
void lower(std::atomic<std::int64_t>& value, std::int64_t bound) {
  for (std::int64_t before = value; before > bound;) {
    if (value.compare_exchange_weak(before, bound)) return;
  }
}

}  // namespace

NativePitEngine::Block::Block(EventBlock event_block, std::shared_ptr<arrow::Table> row_table)
    : events(std::move(event_block)), rows(std::move(row_table), events) {}

NativePitEngine::NativePitEngine(const PitTable& table, std::vector<PitSpec> specs,
                                 const EngineSettings& settings, arrow::MemoryPool* pool)
    : pool_(pool != nullptr ? pool : &own_pool_),
      specs_(std::move(specs)),
      rows_by_key_(table.rows_by_key),
      threads_(settings.threads()),
      event_engine_(settings),
      row_engine_(settings) {
  const auto plain =
      event_engine_.stream(empty_result_select(specs_, joined_events(table)))->schema();
  for (const PitSpec& pit : specs_) takes_.push_back(takes_of(pit.spec, table.event_names));
  if (!table.items.empty()) {
    items_ = with_dictionaries(*row_engine_.table(table.items), specs_);
    return_freed_memory();  // of the plain strings
  }
  events_ = event_engine_.stream(table.events);
  rows_ = row_engine_.stream(table.rows);
  ahead_ = events_->next(0);
  schema_ = result_schema(*plain);
}

// `plain`, but that lists of strings of items have these in a dictionary.
std::shared_ptr<arrow::Schema> NativePitEngine::result_schema(const arrow::Schema& plain) const {
  arrow::FieldVector fields = plain.fields();
  auto field = fields.begin();
  for (const PitSpec& pit : specs_) {
    const auto item = items_ != nullptr && pit.spec.agg == Agg::kList
                          ? items_->schema()->GetFieldByName(pit.spec.column)
                          : nullptr;
    for (std::size_t i = 0; i < pit.output_names.size(); ++i, ++field) {
      if (item == nullptr) continue;
      const auto& type = pit.spec.flatten_distinct ? item->type()->field(0)->type() : item->type();
      *field = (*field)->WithType(arrow::list((*field)->type()->field(0)->WithType(type)));
    }
  }
  return arrow::schema(std::move(fields));
}

// The events of the keys of `rows`, and of keys before them.
std::shared_ptr<arrow::Table> NativePitEngine::events_of(const arrow::Table& rows) {
  std::vector<std::shared_ptr<arrow::Table>> read{ahead_};
  const bool all = !rows_by_key_;
  const std::int64_t last = all || rows.num_rows() == 0 ? 0 : key_at(rows, rows.num_rows() - 1);
  while (all || read.back()->num_rows() == 0 ||
         key_at(*read.back(), read.back()->num_rows() - 1) <= last) {
    auto more = events_->next(kReadEvents);
    if (more->num_rows() == 0) break;
    read.push_back(std::move(more));
  }
  auto table =
      value_of(value_of(arrow::ConcatenateTables(read), kEvents)->CombineChunks(), kEvents);
  if (all) return ahead_ = table;
  if (table->num_rows() == 0) return table;
  const std::int64_t begin = first_not_below(*table, key_at(rows, 0));
  // The next rows may be of the last key too.
  ahead_ = table->Slice(first_not_below(*table, last));
  return table->Slice(begin, first_not_below(*table, last + 1) - begin);
}

void NativePitEngine::load_block(std::int64_t row_count) {
  auto rows = rows_->next(row_count);
  block_.reset();
  if (rows->num_rows() == 0) return;
  EventBlock events(events_of(*rows), items_);
  block_ = std::make_unique<Block>(std::move(events), std::move(rows));
  block_->histories.resize(specs_.size());
  parallel_for(specs_.size(), threads_, [&](std::size_t i) {
    const auto type = schema_->GetFieldByName(specs_[i].output_names.front())->type();
    block_->histories[i] = std::make_unique<PitHistory>(specs_[i], takes_[i], block_->events,
                                                        block_->rows, type, pool_);
  });
}

std::shared_ptr<arrow::Table> NativePitEngine::next(std::int64_t rows) {
  if (rows > 0 && (block_ == nullptr || block_->done == block_->rows.size()))
    load_block(rows_by_key_ ? kBlockRows : kBlockRowsOfAll);
  if (rows == 0 || block_ == nullptr) return value_of(arrow::Table::MakeEmpty(schema_), kEvents);
  const std::int64_t most = std::min(block_->done + rows, block_->rows.size());
  std::atomic<std::int64_t> end = most;
  // The one that decided last time goes first, so that the others seldom go further than it.
  std::vector<std::size_t> order(specs_.size());
  std::iota(order.begin(), order.end(), 0);
  std::swap(order.front(), order[largest_]);
  std::vector<std::int64_t> ends(specs_.size(), most);  // where a specification's lists are long
  parallel_for(specs_.size(), threads_, [&](std::size_t place) {
    const std::size_t i = order[place];
    PitHistory& history = *block_->histories[i];
    for (std::int64_t row = block_->done; row < end; ++row) {
      history.add_row(row);
      if (history.bytes() < kListBytes) continue;
      ends[i] = row + 1;
      lower(end, row + 1);
    }
  });
  const auto shortest = std::ranges::min_element(ends);
  if (*shortest < most) largest_ = shortest - ends.begin();
  std::vector<std::shared_ptr<arrow::Array>> columns;
  for (const auto& history : block_->histories) {
    for (const auto& column : history->finish())
      columns.push_back(column->Slice(0, end - block_->done));
  }
  auto table = arrow::Table::Make(schema_, columns, end - block_->done);
  block_->done = end;
  return table;
}

}  // namespace daedalus
