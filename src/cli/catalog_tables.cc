#include "cli/catalog_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/table.h"

namespace daedalus::cli {
namespace {

// Rounded down, so that 100 % means all.
std::string percent(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return "-";
  const std::int64_t tenths = part * 1000 / whole;
  return fmt::format("{}.{} %", tenths / 10, tenths % 10);
}

// A line for feeds whose misplaced rows look like those of another time zone; else nothing.
std::string zone_hint(const std::vector<FeedPartitionDays>& partitions) {
  std::int64_t before = 0;
  std::int64_t after = 0;
  for (const FeedPartitionDays& partition : partitions) {
    before += partition.misplaced_before;
    after += partition.misplaced_after;
  }
  const std::int64_t most = std::max(before, after);
  if (most * 10 <= (before + after) * 9) return "";
  return fmt::format(
      "{} of {} misplaced rows lie {} their partition: probably their times, or the partitions, "
      "are of another time zone (source.time_zone, feed.day_zone)\n",
      format_count(most), format_count(before + after), before > after ? "before" : "after");
}

}  // namespace

std::string source_table(const std::vector<SourceSummary>& sources) {
  Table table({{"name"},
               {"kind"},
               {"format"},
               {"files", Align::kRight},
               {"bytes", Align::kRight},
               {"columns", Align::kRight},
               {"path"}});
  for (const SourceSummary& source : sources) {
    const bool is_readable = source.error.empty();
    table.add({source.name, source.kind, source.format,
               format_count(static_cast<std::int64_t>(source.files)), format_bytes(source.bytes),
               is_readable ? std::to_string(source.columns.size()) : "?", source.path});
  }
  return table.to_string();
}

std::string source_details(const SourceSummary& source) {
  Table facts({{""}, {""}});
  facts.add({"name", source.name});
  facts.add({"kind", source.kind});
  facts.add({"path", source.path});
  facts.add({"format", source.format});
  facts.add({"files", format_count(static_cast<std::int64_t>(source.files))});
  facts.add({"bytes", format_bytes(source.bytes)});
  if (source.columns.empty()) return facts.to_string();
  Table columns({{"column"}, {"type"}});
  for (const auto& [name, type] : source.columns) columns.add({name, type});
  return facts.to_string() + "\n" + columns.to_string();
}

std::string day_table(const std::vector<FeedPartitionDays>& partitions) {
  Table table({{"partition"},
               {"files", Align::kRight},
               {"day"},
               {"rows", Align::kRight},
               {"misplaced", Align::kRight},
               {"without time", Align::kRight}});
  for (const FeedPartitionDays& partition : partitions) {
    std::int64_t rows = 0;
    for (const FeedDay& day : partition.days) {
      table.add({partition.partition, "", day.day, format_count(day.rows)});
      rows += day.rows;
    }
    table.add({partition.partition, format_count(static_cast<std::int64_t>(partition.files)),
               partition.error.empty() ? "all" : "unreadable", format_count(rows),
               format_count(partition.misplaced_rows), format_count(partition.null_time_rows)});
  }
  return table.to_string() + zone_hint(partitions);
}

std::string coverage_table(const DayCoverage& coverage) {
  Table table({{"source"},
               {"kind"},
               {"by"},
               {"ids", Align::kRight},
               {"found", Align::kRight},
               {"", Align::kRight},
               {"rows", Align::kRight},
               {"found", Align::kRight},
               {"", Align::kRight}});
  for (const SourceCoverage& source : coverage.sources) {
    if (!source.error.empty()) {
      table.add({source.name, source.kind, source.key, "?", "?", "?", "?", "?", "?"});
      continue;
    }
    table.add({source.name, source.kind, source.key, format_count(source.ids),
               format_count(source.ids_found), percent(source.ids_found, source.ids),
               format_count(source.rows), format_count(source.rows_found),
               percent(source.rows_found, source.rows)});
  }
  return fmt::format("{}\n\n{}", coverage.day, table.to_string());
}

Json to_json(const SourceSummary& source) {
  Json columns = Json::array();
  for (const auto& [name, type] : source.columns)
    columns.push_back({{"name", name}, {"type", type}});
  Json json = {{"name", source.name},     {"kind", source.kind},   {"path", source.path},
               {"format", source.format}, {"files", source.files}, {"bytes", source.bytes},
               {"columns", columns}};
  if (!source.error.empty()) json["error"] = source.error;
  return json;
}

Json to_json(const std::vector<SourceSummary>& sources) {
  Json list = Json::array();
  for (const SourceSummary& source : sources) list.push_back(to_json(source));
  return list;
}

Json to_json(const std::vector<FeedPartitionDays>& partitions) {
  Json list = Json::array();
  for (const FeedPartitionDays& partition : partitions) {
    Json days = Json::array();
    for (const FeedDay& day : partition.days)
      days.push_back({{"day", day.day}, {"rows", day.rows}});
    Json json = {{"partition", partition.partition},
                 {"files", partition.files},
                 {"days", days},
                 {"misplaced_rows", partition.misplaced_rows},
                 {"misplaced_before", partition.misplaced_before},
                 {"misplaced_after", partition.misplaced_after},
                 {"null_time_rows", partition.null_time_rows}};
    if (!partition.error.empty()) json["error"] = partition.error;
    list.push_back(json);
  }
  return list;
}

Json to_json(const DayCoverage& coverage) {
  Json sources = Json::array();
  for (const SourceCoverage& source : coverage.sources) {
    Json json = {{"name", source.name}, {"kind", source.kind}, {"key", source.key}};
    if (source.error.empty()) {
      json["ids"] = source.ids;
      json["ids_found"] = source.ids_found;
      json["rows"] = source.rows;
      json["rows_found"] = source.rows_found;
    } else {
      json["error"] = source.error;
    }
    sources.push_back(std::move(json));
  }
  return {{"day", coverage.day}, {"sources", sources}};
}

}  // namespace daedalus::cli
