#include "catalog/typed_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "catalog/text_files.h"
#include "catalog/time_form.h"
#include "catalog/type_text.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

bool is_naive_timestamp(const std::string& type) {
  static const std::set<std::string> kNaive{"TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS",
                                            "TIMESTAMP_S"};
  return kNaive.contains(type);
}

struct TopColumn {
  std::string name;
  bool has_no_type = false;  // how an all-NULL column is written by those who have none for it
};

// The columns of a Parquet file itself, by its own spelling, not what is nested in them. DuckDB
// gives other names to those that differ in case alone.
std::vector<TopColumn> parquet_columns(Engine& engine, const std::string& path) {
  std::vector<TopColumn> columns;
  std::vector<std::int64_t> open;  // of the groups around a column: how many children follow
  for (const auto& row : engine.query(
           fmt::format("SELECT name, coalesce(num_children, 0), coalesce(logical_type, '') FROM "
                       "parquet_schema({})",
                       quote_text(escape_glob(path))))) {
    if (open.size() == 1) columns.push_back({row.at(0).value_or(""), row.at(2) == "NullType()"});
    if (!open.empty()) --open.back();
    if (const std::int64_t children = std::stoll(row.at(1).value()); children > 0)
      open.push_back(children);
    while (!open.empty() && open.back() == 0) open.pop_back();
  }
  return columns;
}

}  // namespace

std::vector<std::string> look_at_typed(Engine& engine, const Source& source,
                                       std::span<const DeclaredColumn> declared,
                                       InspectedDataset& inspected) {
  const std::vector<ColumnType> described =
      engine.describe("SELECT * FROM " + read_typed_files(source, {&inspected}, false));
  std::vector<TopColumn> columns;
  if (source.format == SourceFormat::kParquet) {
    columns = parquet_columns(engine, inspected.dataset.path);
    if (columns.size() != described.size()) {
      throw Error(ErrorKind::kInput, fmt::format("its schema has {} columns, and DuckDB reads {}",
                                                 columns.size(), described.size()));
    }
  } else {
    for (const ColumnType& column : described) columns.push_back({column.name});
  }
  std::vector<std::string> names;
  for (const TopColumn& column : columns) names.push_back(column.name);
  for (const DeclaredColumn& column : declared) {
    if (const auto place = match_column(names, column.source_name)) {
      inspected.columns[column.name] = {
          names[*place],
          quote_identifier(described[*place].name),
          columns[*place].has_no_type ? kNoValues : described[*place].type,
          {}};
    }
  }
  return names;
}

std::string read_typed_files(const Source& source,
                             const std::vector<const InspectedDataset*>& group, bool with_names) {
  std::vector<std::string> items;
  for (const InspectedDataset* inspected : group) {
    const std::string& path = inspected->dataset.path;
    items.push_back(
        source.format == SourceFormat::kParquet
            ? quote_text(escape_glob(path))
            : fmt::format("SELECT *{} FROM __lance_scan({})",
                          with_names ? fmt::format(", {} AS filename", quote_text(path + "/")) : "",
                          quote_text(path)));
  }
  if (source.format == SourceFormat::kLance)
    return fmt::format("({})", fmt::join(items, " UNION ALL BY NAME "));
  return fmt::format("read_parquet([{}], hive_partitioning = false{})", fmt::join(items, ", "),
                     with_names ? ", filename = true" : "");
}

std::string typed_as(const std::string& sql, const std::string& from, const std::string& type,
                     const std::string& zone) {
  if (type == "TIMESTAMP" && is_naive_timestamp(from)) {
    const std::string micros = from == "TIMESTAMP_NS" ? timestamp_rounded_down(sql)
                               : from == "TIMESTAMP"  ? sql
                                                      : fmt::format("CAST({} AS TIMESTAMP)", sql);
    return naive_to_utc(micros, zone);
  }
  if (zone != "UTC" && type == "TIMESTAMP[]" && is_naive_timestamp(element_type(from))) {
    return fmt::format("list_transform({}, lambda time: {})", sql,
                       typed_as("time", element_type(from), "TIMESTAMP", zone));
  }
  return from == type ? sql : fmt::format("CAST({} AS {})", sql, type);
}

}  // namespace daedalus
