#include "catalog/text_files.h"

#include <arrow/api.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "catalog/text_place.h"
#include "catalog/text_type.h"
#include "catalog/time_form.h"
#include "catalog/type_text.h"
#include "config/problems.h"
#include "engine/json_record.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

constexpr const char* kCsvQuotes = R"(quote = '"', escape = '"')";

// ---- CSV ----------------------------------------------------------------------------------------

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

struct CsvLayout {
  char delimiter = ',';
  std::vector<std::string> header;
};

// The delimiter is the one by which the header has the most of the declared columns: what the rows
// hold can't change how they are read.
CsvLayout csv_layout(const std::string& line, std::span<const DeclaredColumn> declared) {
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

std::string csv_options(const CsvLayout& layout, const Source& source) {
  std::vector<std::string> nulls{""};
  nulls.insert(nulls.end(), source.null_values.begin(), source.null_values.end());
  // By number, since names may differ in case alone, or stand twice.
  std::string columns;
  for (std::size_t i = 0; i < layout.header.size(); ++i)
    columns += fmt::format("{}c{}: 'VARCHAR'", i == 0 ? "" : ", ", i);
  return fmt::format(
      "auto_detect = false, header = true, delim = {}, {}, nullstr = {}, columns = {{{}}}",
      quote_text(std::string(1, layout.delimiter)), kCsvQuotes, quote_text_list(nulls), columns);
}

std::optional<std::string> first_line(Engine& engine, const std::string& path) {
  const auto rows =
      engine.query(fmt::format("FROM read_csv({}, auto_detect = false, header = false, strict_mode "
                               "= false, delim = '\\x01', "
                               "quote = '', escape = '', columns = {{line: 'VARCHAR'}}) LIMIT 1",
                               quote_text(escape_glob(path))));
  return rows.empty() ? std::nullopt : rows[0][0];
}

// ---- JSON ---------------------------------------------------------------------------------------

std::string json_records(const std::vector<std::string>& paths, bool with_names = false) {
  std::vector<std::string> quoted;
  for (const std::string& path : paths) quoted.push_back(quote_text(escape_glob(path)));
  return fmt::format("read_json_objects([{}]{})", fmt::join(quoted, ", "),
                     with_names ? ", filename = true" : "");
}

// ---- Both ---------------------------------------------------------------------------------------

std::vector<std::string> paths_of(const std::vector<const InspectedDataset*>& group) {
  std::vector<std::string> paths;
  for (const InspectedDataset* file : group) paths.push_back(file->dataset.path);
  return paths;
}

// What a value of a column has to be, and the words for one that isn't.
struct Demand {
  std::string column;  // our name
  std::string test;    // of a value that is not NULL
  std::string what;    // "is no INTEGER, the type that source.types declares"
};

std::vector<Demand> demands_on(const Source& source, std::span<const DeclaredColumn> declared,
                               const InspectedDataset& file) {
  std::vector<Demand> demands;
  for (const DeclaredColumn& column : declared) {
    const auto found = file.columns.find(column.name);
    if (found == file.columns.end() || !found->second.text) continue;
    const std::string& sql = found->second.sql;
    if (column.time_form) {
      demands.push_back({column.name, text_has_form(sql, *column.time_form),
                         fmt::format("does not fit the form {} that `times` gives",
                                     to_string(*column.time_form))});
    } else if (const auto type = declared_type(source, found->second)) {
      if (std::string test = text_is_a(sql, *type); !test.empty())
        demands.push_back({column.name, std::move(test),
                           fmt::format("is no {}, the type that source.types declares", *type)});
    }
  }
  return demands;
}

std::string misfits(const Demand& demand, const FileColumn& column) {
  return fmt::format("{} IS NOT NULL AND NOT coalesce({}, false)", column.sql, demand.test);
}

void fail_by(Engine& engine, const Source& source, const Demand& demand, InspectedDataset& file) {
  const FileColumn& column = file.columns.at(demand.column);
  const auto rows = engine.query(fmt::format(
      "SELECT value, row FROM (SELECT {} AS value, {} AS misfits, row_number() OVER () AS row FROM "
      "{}) WHERE misfits ORDER BY row LIMIT 1",
      column.sql, misfits(demand, column), read_text_files(source, {&file})));
  if (rows.empty()) return;
  const std::string place =
      place_of_record(file.dataset.path, source.format, std::stoll(rows[0][1].value()));
  file.fail(fmt::format("{}: column {} holds '{}', which {}", place, column.name,
                        rows[0][0].value_or(""), demand.what),
            "mend the value, or change what the catalog says of the column");
}

FileColumn text_column(std::string name, std::string sql) {
  return {std::move(name), std::move(sql), "VARCHAR", TextShape{}};
}

// Gives the columns their types: by what is declared of them, else by their values.
void settle_types(const Source& source, std::span<const DeclaredColumn> declared,
                  InspectedDataset& file) {
  for (const DeclaredColumn& column : declared) {
    const auto found = file.columns.find(column.name);
    if (found == file.columns.end() || !found->second.text || column.time_form) continue;
    FileColumn& of_file = found->second;
    of_file.type = of_file.text->type();
    if (const auto type = declared_type(source, of_file)) of_file.type = *type;
  }
}

std::vector<std::string> look_at_csv(Engine& engine, const Source& source,
                                     std::span<const DeclaredColumn> declared,
                                     InspectedDataset& file) {
  const std::optional<std::string> line = first_line(engine, file.dataset.path);
  if (!line) {
    file.fail("is empty: it has no header line", "remove the file, or write it again");
    return {};
  }
  const CsvLayout layout = csv_layout(*line, declared);
  file.reader_options = csv_options(layout, source);
  for (const DeclaredColumn& column : declared) {
    if (const auto place = match_column(layout.header, column.source_name))
      file.columns[column.name] = text_column(layout.header[*place], fmt::format("c{}", *place));
  }
  const std::vector<Demand> demands = demands_on(source, declared, file);
  std::vector<std::string> items{"count(*)"};
  for (const auto& [name, column] : file.columns)
    items.push_back(fmt::format("bit_and(text_types({}))", column.sql));
  for (const Demand& demand : demands)
    items.push_back(
        fmt::format("count(*) FILTER ({})", misfits(demand, file.columns.at(demand.column))));
  const auto row = engine
                       .query(fmt::format("SELECT {} FROM {}", fmt::join(items, ", "),
                                          read_text_files(source, {&file})))
                       .at(0);
  std::size_t at = 1;
  for (auto& [name, column] : file.columns) {
    if (const auto& types = row.at(at++))
      column.text->add_scalar(static_cast<std::uint8_t>(std::stoi(*types)));
  }
  settle_types(source, declared, file);
  for (const Demand& demand : demands) {
    if (row.at(at++) != "0" && file.is_fine()) fail_by(engine, source, demand, file);
  }
  return layout.header;
}

std::vector<std::string> look_at_json(Engine& engine, const Source& source,
                                      std::span<const DeclaredColumn> declared,
                                      InspectedDataset& file) {
  std::string wanted;
  for (const DeclaredColumn& column : declared) wanted += config::lower(column.source_name) + "\n";
  const auto row = engine
                       .query(fmt::format("SELECT count(*), json_shapes(json, {}) FROM {}",
                                          quote_text(wanted), json_records({file.dataset.path})))
                       .at(0);
  if (row.at(0) == "0") {
    file.fail("is empty: it has no record", "remove the file, or write it again");
    return {};
  }
  const JsonShapes shapes = JsonShapes::from_json(row.at(1).value());
  std::vector<std::string> names;
  for (const auto& [name, shape] : shapes.columns) names.push_back(name);
  for (const DeclaredColumn& column : declared) {
    if (const auto place = match_column(names, column.source_name)) {
      FileColumn& found = file.columns[column.name] = text_column(names[*place], "");
      found.text = shapes.columns.at(names[*place]);
    }
  }
  std::size_t at = 0;
  std::vector<std::string> keys;
  for (auto& [name, column] : file.columns) {
    column.sql = fmt::format("texts[{}]", ++at);
    keys.push_back(column.name);
  }
  file.reader_options = quote_text_list(keys);
  settle_types(source, declared, file);
  std::vector<std::string> counts;
  const std::vector<Demand> demands = demands_on(source, declared, file);
  for (const Demand& demand : demands)
    counts.push_back(
        fmt::format("count(*) FILTER ({})", misfits(demand, file.columns.at(demand.column))));
  const std::vector<std::string> all_names(shapes.names.begin(), shapes.names.end());
  if (counts.empty()) return all_names;
  const auto misfit = engine
                          .query(fmt::format("SELECT {} FROM {}", fmt::join(counts, ", "),
                                             read_text_files(source, {&file})))
                          .at(0);
  for (std::size_t i = 0; i < demands.size() && file.is_fine(); ++i) {
    if (misfit.at(i) != "0") fail_by(engine, source, demands[i], file);
  }
  return all_names;
}

}  // namespace

std::string escape_glob(const std::string& path) {
  std::string escaped;
  for (const char c : path)
    escaped += std::string_view("*?[").find(c) != std::string_view::npos ? fmt::format("[{}]", c)
                                                                         : std::string(1, c);
  return escaped;
}

bool is_text_format(SourceFormat format) {
  return format == SourceFormat::kCsv || format == SourceFormat::kJson;
}

std::optional<std::string> declared_type(const Source& source, const FileColumn& column) {
  if (!is_text_format(source.format)) return std::nullopt;
  const auto exact = source.types.find(column.name);
  if (exact != source.types.end()) return exact->second;
  for (const auto& [name, type] : source.types) {
    if (config::same_name(name, column.name)) return type;
  }
  return std::nullopt;
}

std::vector<std::string> look_at_text(Engine& engine, const Source& source,
                                      std::span<const DeclaredColumn> declared,
                                      InspectedDataset& inspected) {
  return source.format == SourceFormat::kCsv ? look_at_csv(engine, source, declared, inspected)
                                             : look_at_json(engine, source, declared, inspected);
}

std::string read_text_files(const Source& source, const std::vector<const InspectedDataset*>& group,
                            const std::set<std::string>& nested) {
  const InspectedDataset& first = *group.front();
  if (source.format == SourceFormat::kCsv) {
    std::vector<std::string> paths;
    for (const std::string& path : paths_of(group)) paths.push_back(quote_text(escape_glob(path)));
    return fmt::format("read_csv([{}], filename = true, hive_partitioning = false, {})",
                       fmt::join(paths, ", "), first.reader_options);
  }
  std::vector<std::string> quoted;
  for (const auto& [name, column] : first.columns) {
    if (!column.from_path) quoted.emplace_back(nested.contains(name) ? "true" : "false");
  }
  return fmt::format("(SELECT json_texts(json, {}, [{}]::BOOLEAN[]) AS texts, filename FROM {})",
                     first.reader_options, fmt::join(quoted, ", "),
                     json_records(paths_of(group), true));
}

std::string first_misfit(Engine& engine, const Source& source, const InspectedDataset& file,
                         const FileColumn& column, const TextShape& known) {
  const auto told = [&](const std::string& value, std::int64_t record) {
    return fmt::format("'{}' in {}", value,
                       place_of_record(file.dataset.path, source.format, record));
  };
  if (source.format == SourceFormat::kCsv) {
    const auto rows = engine.query(fmt::format(
        "SELECT value, row FROM (SELECT {} AS value, row_number() OVER () AS row FROM {}) WHERE "
        "(text_types(value) & {}) = 0 ORDER BY row LIMIT 1",
        column.sql, read_text_files(source, {&file}), text_type_bit(known.type())));
    return rows.empty() ? "" : told(rows[0][0].value_or(""), std::stoll(rows[0][1].value()));
  }
  const auto records = engine.stream(
      fmt::format("SELECT CAST(json AS VARCHAR) FROM {}", json_records({file.dataset.path})));
  std::int64_t number = 0;
  for (auto batch = records->next(2048); batch->num_rows() > 0; batch = records->next(2048)) {
    for (const auto& chunk : batch->column(0)->chunks()) {
      const auto& texts = static_cast<const arrow::StringArray&>(*chunk);
      for (std::int64_t i = 0; i < texts.length(); ++i) {
        ++number;
        JsonShapes shapes;
        add_json_record(texts.GetView(i), {config::lower(column.name)}, shapes);
        const auto found = shapes.columns.find(column.name);
        if (found == shapes.columns.end() || found->second.fits(known)) continue;
        return told(json_texts(texts.GetView(i), {column.name}, {false})[0].value_or(""), number);
      }
    }
  }
  return "";
}

}  // namespace daedalus
