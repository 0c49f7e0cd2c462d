#include "catalog/json_file.h"

#include <arrow/api.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "config/problems.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

std::string json_records(const std::vector<std::string>& paths) {
  std::vector<std::string> quoted;
  for (const std::string& path : paths) quoted.push_back(quote_text(escape_glob(path)));
  return fmt::format("read_json_objects([{}], filename = true)", fmt::join(quoted, ", "));
}

}  // namespace

JsonContents json_contents(Engine& engine, const std::string& path,
                           std::span<const DeclaredColumn> declared) {
  std::string wanted;
  for (const DeclaredColumn& column : declared) wanted += config::lower(column.source_name) + "\n";
  const auto row = engine
                       .query(fmt::format("SELECT count(*), json_shapes(json, {}) FROM {}",
                                          quote_text(wanted), json_records({path})))
                       .at(0);
  return {JsonShapes::from_json(row.at(1).value_or("")), std::stoll(row.at(0).value())};
}

std::string json_reader(const InspectedDataset& file, const std::vector<std::string>& paths,
                        const KnownShapes& nested, bool as_written) {
  std::vector<std::string> columns{"filename"};
  std::vector<std::string> quoted;
  nlohmann::json structure = nlohmann::json::object();
  for (const auto& [name, column] : file.columns) {
    if (column.from_path) continue;
    const auto shape = nested.find(name);
    const bool is_nested = shape != nested.end();
    const std::string inner = is_nested ? shape->second.transform() : R"("VARCHAR")";
    std::string text = fmt::format("texts[{}]", column.place + 1);
    if (is_nested) text = fmt::format("json_transform({}, {})", text, quote_text(inner));
    if (!as_written) text = "record." + quote_identifier(column.name);
    columns.push_back(fmt::format("{} AS {}", text, column.sql));
    quoted.emplace_back(is_nested ? "true" : "false");
    structure[column.name] = nlohmann::json::parse(inner);
  }
  const std::string parsed =
      as_written ? fmt::format("json_texts(json, {}, [{}]::BOOLEAN[]) AS texts",
                               file.reader_options, fmt::join(quoted, ", "))
                 : fmt::format("json_transform(json, {}) AS record", quote_text(structure.dump()));
  return fmt::format("(SELECT {} FROM (SELECT {}, filename FROM {}))", fmt::join(columns, ", "),
                     parsed, json_records(paths));
}

bool needs_numbers_as_written(const InspectedDataset& file, const std::set<std::string>& as_text) {
  std::set<std::string> names;
  for (const auto& [name, column] : file.columns) {
    if (column.from_path) continue;
    // DuckDB's structs can't hold names that differ in case alone.
    if (!names.insert(config::lower(column.name)).second) return true;
    if (as_text.contains(name) && column.text->has_other_numbers()) return true;
  }
  return false;
}

std::optional<std::pair<std::string, std::int64_t>> first_json_misfit(Engine& engine,
                                                                      const std::string& path,
                                                                      const std::string& key,
                                                                      const TextShape& known) {
  constexpr std::int64_t kRecords = 2048;
  const auto records =
      engine.stream(fmt::format("SELECT CAST(json AS VARCHAR) FROM {}", json_records({path})));
  std::int64_t number = 0;
  for (auto batch = records->next(kRecords); batch->num_rows() > 0;
       batch = records->next(kRecords)) {
    for (const auto& chunk : batch->column(0)->chunks()) {
      const auto& texts = static_cast<const arrow::StringArray&>(*chunk);
      for (std::int64_t i = 0; i < texts.length(); ++i) {
        ++number;
        JsonShapes shapes;
        add_json_record(texts.GetView(i), {config::lower(key)}, shapes);
        const auto found = shapes.columns.find(key);
        if (found == shapes.columns.end() || found->second.fits(known)) continue;
        return std::pair{json_texts(texts.GetView(i), {key}, {false})[0].value_or(""), number};
      }
    }
  }
  return std::nullopt;
}

}  // namespace daedalus
