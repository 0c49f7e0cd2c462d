#include "catalog/csv_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "catalog/source_files.h"
#include "config/problems.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

std::vector<std::string> split_header(std::string_view line, char delimiter) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (c == '"' && (quoted || fields.back().empty())) {
      quoted = !quoted;
    } else if (c == delimiter && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

CsvLayout layout_of(const std::string& line, std::span<const DeclaredColumn> declared) {
  CsvLayout best;
  std::ptrdiff_t most = -1;
  for (const char delimiter : {',', ';', '\t', '|'}) {
    std::vector<std::string> header = split_header(line, delimiter);
    const std::ptrdiff_t found = std::ranges::count_if(declared, [&](const auto& column) {
      return std::ranges::any_of(header, [&](const std::string& name) {
        return config::same_name(name, column.source_name);
      });
    });
    if (found > most) best = {delimiter, std::move(header)};
    most = std::max(most, found);
  }
  return best;
}

std::optional<std::string> first_line(Engine& engine, const std::string& path) {
  const auto rows =
      engine.query(fmt::format("FROM read_csv({}, auto_detect = false, header = false, strict_mode "
                               "= false, delim = '\\x01', "
                               "quote = '', escape = '', columns = {{line: 'VARCHAR'}}) LIMIT 1",
                               quote_text(escape_glob(path))));
  return rows.empty() ? std::nullopt : rows[0][0];
}

}  // namespace

std::optional<CsvLayout> csv_layout(Engine& engine, const std::string& path,
                                    std::span<const DeclaredColumn> declared) {
  const std::optional<std::string> line = first_line(engine, path);
  if (!line) return std::nullopt;
  return layout_of(*line, declared);
}

std::string csv_options(const InspectedDataset& file, const Source& source) {
  std::vector<std::string> nulls{""};
  nulls.insert(nulls.end(), source.null_values.begin(), source.null_values.end());
  // By number, since names may differ in case alone, or stand twice.
  std::string columns;
  for (std::size_t i = 0; i < file.width; ++i)
    columns += fmt::format("{}c{}: 'VARCHAR'", i == 0 ? "" : ", ", i);
  return fmt::format(
      "auto_detect = false, header = true, delim = {}, {}, nullstr = {}, columns = {{{}}}",
      quote_text(std::string(1, file.delimiter)), R"(quote = '"', escape = '"')",
      quote_text_list(nulls), columns);
}

}  // namespace daedalus
