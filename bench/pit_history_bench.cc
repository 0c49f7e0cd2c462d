// Micro-benchmarks of the native engine's core: list elements a second, by kind of aggregation, and
// of the codes that equality is judged by. One block of events in memory; no DuckDB, no Parquet.
#include <arrow/api.h>
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <random>
#include <stdexcept>

#include "rolling/pit_history.h"
#include "rolling/recycling_pool.h"

namespace daedalus {
namespace {

constexpr std::int64_t kUsers = 64;
constexpr std::int64_t kEvents = 1'000;  // a user's, one a minute on average
constexpr std::int64_t kRows = 64;       // a user's, in the last part of his time
constexpr std::int64_t kMinute = 60'000'000;

void append(const arrow::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

template <typename Builder>
std::shared_ptr<arrow::Array> finish(Builder& builder) {
  return builder.Finish().ValueOrDie();
}

// Events and rows by (user, time): events newest first, rows oldest first.
std::shared_ptr<arrow::Table> table_of(std::int64_t each, bool newest_first, int distinct_items) {
  std::mt19937_64 random(1);
  arrow::Int64Builder keys;
  arrow::TimestampBuilder times(arrow::timestamp(arrow::TimeUnit::MICRO),
                                arrow::default_memory_pool());
  arrow::Int32Builder events;
  arrow::StringBuilder items;
  for (std::int64_t user = 0; user < kUsers; ++user) {
    for (std::int64_t i = 0; i < each; ++i) {
      const std::int64_t minute = newest_first ? kEvents - i : kEvents - each + i;
      append(keys.Append(user));
      append(times.Append(minute * kMinute));
      append(events.Append(0));
      append(items.Append(fmt::format("a{:08}", random() % distinct_items)));
    }
  }
  const auto item_array = finish(items);
  return arrow::Table::Make(
      arrow::schema({arrow::field("__key", arrow::int64()),
                     arrow::field("__t", arrow::timestamp(arrow::TimeUnit::MICRO)),
                     arrow::field("__event", arrow::int32()), arrow::field("item", arrow::utf8()),
                     arrow::field("__own_item", arrow::utf8())}),
      {finish(keys), finish(times), finish(events), item_array, item_array});
}

void sweep(benchmark::State& state, const AggregationSpec& spec) {
  const EventBlock events(table_of(kEvents, true, 200), nullptr);
  const RowBlock rows(table_of(kRows, false, 200), events);
  const PitSpec pit{spec, spec.output_names()};
  const std::vector<char> takes{1};
  RecyclingPool pool;
  std::int64_t elements = 0;
  for (auto unused : state) {
    PitHistory history(pit, takes, events, rows, arrow::list(arrow::field("l", arrow::utf8())),
                       &pool);
    for (std::int64_t row = 0; row < rows.size(); ++row) history.add_row(row);
    for (const auto& column : history.finish())
      elements += static_cast<const arrow::ListArray&>(*column).values()->length();
  }
  state.counters["elements/s"] =
      benchmark::Counter(static_cast<double>(elements), benchmark::Counter::kIsRate);
}

AggregationSpec lists() {
  AggregationSpec spec;
  spec.name = "items";
  spec.column = "item";
  spec.events = {"view"};
  spec.windows = {{60 * kMinute, "1h"}, {600 * kMinute, "10h"}};
  return spec;
}

void runs(benchmark::State& state) { sweep(state, lists()); }

void exclude_self(benchmark::State& state) {
  AggregationSpec spec = lists();
  spec.exclude_self = true;
  sweep(state, spec);
}

void distinct(benchmark::State& state) {
  AggregationSpec spec = lists();
  spec.distinct = true;
  sweep(state, spec);
}

void max_length(benchmark::State& state) {
  AggregationSpec spec = lists();
  spec.distinct = true;
  spec.max_length = 10;
  sweep(state, spec);
}

void element_codes(benchmark::State& state) {
  const auto items = only_chunk(*table_of(kEvents, true, 10'000), "item");
  for (auto unused : state) benchmark::DoNotOptimize(ElementCodes(items).size());
  state.SetItemsProcessed(state.iterations() * items->length());
}

BENCHMARK(runs);
BENCHMARK(exclude_self);
BENCHMARK(distinct);
BENCHMARK(max_length);
BENCHMARK(element_codes);

}  // namespace
}  // namespace daedalus
