#include "catalog/text_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "catalog/csv_file.h"
#include "catalog/json_file.h"
#include "catalog/text_place.h"
#include "catalog/text_type.h"
#include "catalog/time_form.h"
#include "catalog/type_text.h"
#include "config/problems.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

std::set<std::string> names_of(const InspectedDataset& file) {
  std::set<std::string> names;
  for (const auto& [name, column] : file.columns) names.insert(name);
  return names;
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
    } else if (const auto type = declared_type(source, column.source_name)) {
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
      column.sql, misfits(demand, column), read_text_files(source, {&file}, {}, names_of(file))));
  if (rows.empty()) return;
  const std::string place =
      place_of_record(file.dataset.path, source.format, std::stoll(rows[0][1].value()));
  file.fail(fmt::format("{}: column {} holds '{}', which {}", place, column.name,
                        rows[0][0].value_or(""), demand.what),
            "mend the value, or change what the catalog says of the column");
}

FileColumn text_column(std::string name, std::size_t place) {
  return {std::move(name), "", "VARCHAR", TextShape{}, place};
}

// Gives the columns their types: by what is declared of them, else by their values.
void settle_types(const Source& source, std::span<const DeclaredColumn> declared,
                  InspectedDataset& file) {
  for (const DeclaredColumn& column : declared) {
    const auto found = file.columns.find(column.name);
    if (found == file.columns.end() || !found->second.text || column.time_form) continue;
    FileColumn& of_file = found->second;
    of_file.type = of_file.text->type();
    if (const auto type = declared_type(source, column.source_name)) of_file.type = *type;
  }
}

std::vector<std::string> look_at_csv(Engine& engine, const Source& source,
                                     std::span<const DeclaredColumn> declared,
                                     InspectedDataset& file) {
  const std::optional<CsvLayout> layout = csv_layout(engine, file.dataset.path, declared);
  if (!layout) {
    file.fail("is empty: it has no header line", "remove the file, or write it again");
    return {};
  }
  file.delimiter = layout->delimiter;
  file.width = layout->header.size();
  for (const DeclaredColumn& column : declared) {
    if (const auto place = match_column(layout->header, column.source_name))
      file.columns[column.name] = text_column(layout->header[*place], *place);
  }
  settle_reader(source, file);
  const std::vector<Demand> demands = demands_on(source, declared, file);
  std::vector<std::string> items{"count(*)"};
  for (const auto& [name, column] : file.columns)
    items.push_back(fmt::format("bit_and(text_types({}))", column.sql));
  for (const Demand& demand : demands)
    items.push_back(
        fmt::format("count(*) FILTER ({})", misfits(demand, file.columns.at(demand.column))));
  const auto row = engine
                       .query(fmt::format("SELECT {} FROM {}", fmt::join(items, ", "),
                                          read_text_files(source, {&file}, {}, {})))
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
  return layout->header;
}

std::vector<std::string> look_at_json(Engine& engine, const Source& source,
                                      std::span<const DeclaredColumn> declared,
                                      InspectedDataset& file) {
  const JsonContents contents = json_contents(engine, file.dataset.path, declared);
  if (contents.records == 0) {
    file.fail("is empty: it has no record", "remove the file, or write it again");
    return {};
  }
  const JsonShapes& shapes = contents.shapes;
  std::vector<std::string> names;
  for (const auto& [name, shape] : shapes.columns) names.push_back(name);
  for (const DeclaredColumn& column : declared) {
    if (const auto place = match_column(names, column.source_name)) {
      FileColumn& found = file.columns[column.name] = text_column(names[*place], 0);
      found.text = shapes.columns.at(names[*place]);
    }
  }
  settle_reader(source, file);
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
                                             read_text_files(source, {&file}, {}, names_of(file))))
                          .at(0);
  for (std::size_t i = 0; i < demands.size() && file.is_fine(); ++i) {
    if (misfit.at(i) != "0") fail_by(engine, source, demands[i], file);
  }
  return all_names;
}

}  // namespace

void settle_reader(const Source& source, InspectedDataset& file) {
  if (source.format == SourceFormat::kCsv) {
    for (auto& [name, column] : file.columns) column.sql = fmt::format("c{}", column.place);
    file.reader_options = csv_options(file, source);
    return;
  }
  std::vector<std::string> keys;
  for (auto& [name, column] : file.columns) {
    column.place = keys.size();
    column.sql = fmt::format("j{}", column.place);
    keys.push_back(column.name);
  }
  file.reader_options = quote_text_list(keys);
}

bool is_text_format(SourceFormat format) {
  return format == SourceFormat::kCsv || format == SourceFormat::kJson;
}

std::optional<std::string> declared_type(const Source& source, const std::string& source_name) {
  if (!is_text_format(source.format)) return std::nullopt;
  const auto exact = source.types.find(source_name);
  if (exact != source.types.end()) return canonical_type(exact->second);
  for (const auto& [name, type] : source.types) {
    if (config::same_name(name, source_name)) return canonical_type(type);
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
                            const KnownShapes& nested, const std::set<std::string>& as_text) {
  std::vector<std::string> paths;
  for (const InspectedDataset* file : group) paths.push_back(file->dataset.path);
  const InspectedDataset& first = *group.front();
  if (source.format == SourceFormat::kJson) {
    const bool as_written = std::ranges::any_of(group, [&](const InspectedDataset* file) {
      return needs_numbers_as_written(*file, as_text);
    });
    return json_reader(first, paths, nested, as_written);
  }
  for (std::string& path : paths) path = quote_text(escape_glob(path));
  return fmt::format("read_csv([{}], filename = true, hive_partitioning = false, {})",
                     fmt::join(paths, ", "), first.reader_options);
}

std::string first_misfit(Engine& engine, const Source& source, const InspectedDataset& file,
                         const FileColumn& column, const TextShape& known) {
  std::optional<std::pair<std::string, std::int64_t>> misfit;
  if (source.format == SourceFormat::kJson) {
    misfit = first_json_misfit(engine, file.dataset.path, column.name, known);
  } else {
    const auto rows = engine.query(fmt::format(
        "SELECT value, row FROM (SELECT {} AS value, row_number() OVER () AS row FROM {}) WHERE "
        "(text_types(value) & {}) = 0 ORDER BY row LIMIT 1",
        column.sql, read_text_files(source, {&file}, {}, {}), text_type_bit(known.type())));
    if (!rows.empty()) misfit.emplace(rows[0][0].value_or(""), std::stoll(rows[0][1].value()));
  }
  if (!misfit) return "";
  return fmt::format("'{}' in {}", misfit->first,
                     place_of_record(file.dataset.path, source.format, misfit->second));
}

}  // namespace daedalus
