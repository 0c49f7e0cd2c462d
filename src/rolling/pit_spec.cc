#include "rolling/pit_spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "engine/quote.h"

namespace daedalus {
namespace {

using Json = nlohmann::ordered_json;
using Agg = AggregationSpec::Agg;
using Order = AggregationSpec::Order;

Json spec_json(const AggregationSpec& spec) {
  Json windows = Json::array();
  for (const Duration& window : spec.windows) windows.push_back(window.text);
  const bool is_list = spec.agg == Agg::kList;
  return {{"name", spec.name},
          {"events", spec.events},
          {"windows", spec.cumulative ? Json("cumulative") : windows},
          {"agg", is_list ? "list" : "count"},
          {"column", is_list ? Json(spec.column) : Json()},
          {"exclude_self", spec.exclude_self},
          {"flatten_distinct", spec.flatten_distinct},
          {"distinct", spec.distinct},
          {"max_length", spec.max_length ? Json(*spec.max_length) : Json()},
          {"order", spec.order == Order::kNewestFirst ? "newest_first" : "oldest_first"}};
}

Json columns_json(const PitSpec& pit) {
  Json columns = Json::array();
  for (std::size_t i = 0; i < pit.output_names.size(); ++i) {
    const Json window = pit.spec.cumulative ? Json() : Json(pit.spec.windows.at(i).micros);
    columns.push_back(Json::array({pit.output_names[i], window}));
  }
  return columns;
}

// The items with their own numbers, which are those of their rows.
std::string numbered_items(const PitTable& table) {
  return fmt::format("SELECT *, row_number() OVER () - 1 AS __item FROM ({})", table.items);
}

}  // namespace

std::string to_json(const std::vector<PitSpec>& specs) {
  Json json = Json::array();
  for (const PitSpec& pit : specs)
    json.push_back({{"spec", spec_json(pit.spec)}, {"columns", columns_json(pit)}});
  return json.dump();
}

std::string joined_events(const PitTable& table) {
  if (table.items.empty()) return table.events;
  return fmt::format("SELECT * EXCLUDE (__item) FROM ({}) JOIN ({}) USING (__item)", table.events,
                     numbered_items(table));
}

std::string joined_rows(const PitTable& table) {
  if (table.own_of_item.empty()) return table.rows;
  std::string own;
  for (const std::string& column : table.own_of_item)
    own += fmt::format(", item.{} AS {}", quote_identifier(column),
                       quote_identifier("__own_" + column));
  return fmt::format(
      "SELECT given.* EXCLUDE (__item){} FROM ({}) AS given JOIN ({}) AS item ON item.__item = "
      "given.__item",
      own, table.rows, numbered_items(table));
}

std::string empty_result_select(const std::vector<PitSpec>& specs, const std::string& events) {
  std::vector<std::string> columns;
  for (const PitSpec& pit : specs) {
    std::string value = "CAST(0 AS BIGINT)";
    if (pit.spec.agg == Agg::kList) {
      value = quote_identifier(pit.spec.column);
      if (!pit.spec.flatten_distinct) value = "[" + value + "]";
    }
    for (const std::string& name : pit.output_names)
      columns.push_back(value + " AS " + quote_identifier(name));
  }
  return fmt::format("SELECT {} FROM ({}) LIMIT 0", fmt::join(columns, ", "), events);
}

}  // namespace daedalus
