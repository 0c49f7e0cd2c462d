#include "rolling/duckdb_pit_engine.h"

#include <arrow/api.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/embedded.h"
#include "base/template.h"
#include "engine/quote.h"
#include "rolling/pit_spec.h"

namespace daedalus {
namespace {

using Agg = AggregationSpec::Agg;

// Rows whose lists are made at once, and with them an array of each one's key.
constexpr std::int64_t kBatchRows = 65'536;

// The elements that an event contributes. `ordinal` is descending within an event, so that the
// array read backwards has the events newest first and each event's elements in their own order.
std::string elements_of(const AggregationSpec& spec) {
  if (spec.agg == Agg::kList && spec.flatten_distinct) {
    return "SELECT __key, __t, __seq, unnest(value) AS value, generate_subscripts(value, 1) AS "
           "ordinal FROM matching";
  }
  return "SELECT __key, __t, __seq, value, 0 AS ordinal FROM matching";
}

// Of equal values the newest in the window is kept: the one whose next equal lies beyond the
// window's end.
std::string next_equal_of(const AggregationSpec& spec) {
  if (spec.agg == Agg::kCount || !(spec.distinct || spec.flatten_distinct || spec.cumulative))
    return "NULL::BIGINT";
  return "coalesce(lead(position) OVER (PARTITION BY __key, value ORDER BY position), "
         "9223372036854775807)";
}

std::string column_of(const AggregationSpec& spec, const std::string& oldest) {
  if (spec.agg == Agg::kCount) return fmt::format("CAST(newest - {} AS BIGINT)", oldest);
  std::string list = fmt::format("list_slice(value_list, {} + 1, newest)", oldest);
  std::vector<std::string> keep;
  if (spec.distinct || spec.flatten_distinct || spec.cumulative) {
    keep.push_back(fmt::format("next_list[{} + i] > newest", oldest));
  }
  if (spec.exclude_self) {
    const std::string own = quote_identifier("__own_" + spec.column);
    keep.push_back(spec.flatten_distinct
                       ? fmt::format("NOT coalesce(list_contains({}, x), false)", own)
                       : fmt::format("x IS DISTINCT FROM {}", own));
  }
  if (!keep.empty())
    list = fmt::format("list_filter({}, lambda x, i: {})", list, fmt::join(keep, " AND "));
  list = fmt::format("list_reverse({})", list);
  if (spec.max_length) list = fmt::format("list_slice({}, 1, {})", list, *spec.max_length);
  if (spec.order == AggregationSpec::Order::kOldestFirst)
    list = fmt::format("list_reverse({})", list);
  return fmt::format("coalesce({}, [])", list);
}

// The specification's events as a list of their numbers.
std::string event_numbers(const AggregationSpec& spec, const std::vector<std::string>& names) {
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::ranges::find(spec.events, names[i]) != spec.events.end()) numbers.push_back(i);
  }
  return fmt::format("CAST([{}] AS INTEGER[])", fmt::join(numbers, ", "));
}

std::string select_of(const PitSpec& pit, const std::vector<std::string>& event_names) {
  const AggregationSpec& spec = pit.spec;
  std::string edges;
  std::string joins;
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < pit.output_names.size(); ++i) {
    std::string oldest = "0";
    if (!spec.cumulative) {
      oldest = fmt::format("oldest_{}", i);
      edges += fmt::format(", coalesce({0}.upto, 0) AS {0}", oldest);
      joins += fmt::format(
          "ASOF LEFT JOIN instant AS {0} ON batch.__key = {0}.__key AND batch.__t - "
          "to_microseconds({1}) > {0}.__t\n",
          oldest, spec.windows.at(i).micros);
    }
    columns.push_back(column_of(spec, oldest) + " AS " + quote_identifier(pit.output_names[i]));
  }
  return fill_template(embedded_file("sql/rolling/aggregate_pit_table.sql"),
                       {{"value", spec.agg == Agg::kCount ? "TRUE" : quote_identifier(spec.column)},
                        {"events", event_numbers(spec, event_names)},
                        {"elements", elements_of(spec)},
                        {"next_equal", next_equal_of(spec)},
                        {"oldest_edges", edges},
                        {"oldest_joins", joins},
                        {"columns", fmt::format("{}", fmt::join(columns, ", "))}});
}

}  // namespace

DuckdbPitEngine::DuckdbPitEngine(const PitTable& table, const std::vector<PitSpec>& specs,
                                 const EngineSettings& settings)
    : engine_(settings) {
  engine_.create_view("rows", joined_rows(table));
  engine_.create_view("events", joined_events(table));
  rows_ = engine_.query_count("SELECT count(*) FROM rows");
  for (const PitSpec& pit : specs) selects_.push_back(select_of(pit, table.event_names));
}

std::shared_ptr<arrow::Table> DuckdbPitEngine::next(std::int64_t rows) {
  if (ahead_ == nullptr || (ahead_->num_rows() == 0 && done_ < rows_)) {
    const std::int64_t first = done_;
    done_ = std::min(done_ + kBatchRows, rows_);
    ahead_ = aggregate(first, done_);
  }
  auto table = ahead_->Slice(0, rows);
  ahead_ = ahead_->Slice(table->num_rows());
  return table;
}

std::shared_ptr<arrow::Table> DuckdbPitEngine::aggregate(std::int64_t first, std::int64_t last) {
  engine_.execute(
      fmt::format("CREATE OR REPLACE TEMP TABLE batch AS SELECT * FROM rows WHERE __row_id >= {} "
                  "AND __row_id < {}",
                  first, last));
  engine_.execute(
      "CREATE OR REPLACE TEMP TABLE batch_events AS SELECT * FROM events WHERE __key IN (SELECT "
      "__key FROM batch)");
  std::vector<std::shared_ptr<arrow::Field>> fields;
  std::vector<std::shared_ptr<arrow::ChunkedArray>> columns;
  for (const std::string& select : selects_) {
    const std::shared_ptr<arrow::Table> table = engine_.table(select);
    if (table->num_rows() != last - first) {
      throw Error(ErrorKind::kBug, fmt::format("aggregate_pit_table made {} rows of {}",
                                               table->num_rows(), last - first));
    }
    for (int i = 0; i < table->num_columns(); ++i) {
      fields.push_back(table->field(i));
      columns.push_back(table->column(i));
    }
  }
  return arrow::Table::Make(arrow::schema(std::move(fields)), std::move(columns), last - first);
}

}  // namespace daedalus
