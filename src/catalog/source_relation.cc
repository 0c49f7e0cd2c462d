#include "catalog/source_relation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "catalog/iso_times.h"
#include "catalog/type_text.h"
#include "config/problems.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

// In place of a type: no row of the file has a value in the column, so it says nothing of its type.
constexpr const char* kNoValues = "no values";

// Detection would take a quote that never ends for a letter, silently.
constexpr const char* kCsvQuotes = R"(quote = '"', escape = '"')";

using config::did_you_mean;
using config::lower;

bool is_text_format(SourceFormat format) {
  return format == SourceFormat::kCsv || format == SourceFormat::kJson;
}

bool is_integer(const std::string& type) {
  static const std::set<std::string> kIntegers{"TINYINT", "SMALLINT", "INTEGER",   "BIGINT",
                                               "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
                                               "UBIGINT", "UHUGEINT"};
  return kIntegers.contains(type);
}

bool is_fractional(const std::string& type) {
  return type == "DOUBLE" || type == "FLOAT" || type.starts_with("DECIMAL");
}

bool is_time_role(ColumnRole role) {
  return role == ColumnRole::kTime || role == ColumnRole::kEventTime;
}

bool is_time(const std::string& type) { return type.starts_with("TIMESTAMP") || type == "DATE"; }

// A path of a real file, as a pattern that matches only it.
std::string escape_glob(const std::string& path) {
  std::string escaped;
  for (const char c : path)
    escaped += std::string_view("*?[").find(c) != std::string_view::npos ? fmt::format("[{}]", c)
                                                                         : std::string(1, c);
  return escaped;
}

std::string struct_text(const std::map<std::string, std::string>& types) {
  std::vector<std::string> items;
  for (const auto& [name, type] : types)
    items.push_back(quote_text(name) + ": " + quote_text(type));
  return fmt::format("{{{}}}", fmt::join(items, ", "));
}

bool role_allows(ColumnRole role, const std::string& type, bool text_format) {
  if (type == kNoValues) return true;
  const bool text = normalised_type(type) == "VARCHAR";
  switch (role) {
    case ColumnRole::kPlain:
    case ColumnRole::kCode:
      return true;
    case ColumnRole::kKey:
      return is_integer(type) || type == "VARCHAR" || type.starts_with("ENUM") || text_format;
    case ColumnRole::kEvent:
      return text || text_format;
    case ColumnRole::kTime:
    case ColumnRole::kEventTime:
      return is_time(type) || (text && text_format);
  }
  return false;
}

const char* expected_type(ColumnRole role) {
  if (is_time_role(role)) return "a timestamp";
  return role == ColumnRole::kKey ? "text or an integer" : "text";
}

// A detected type as JSON is to be read with: text with a zone is read as TIMESTAMP without it,
// silently.
std::string zoned_times(const std::string& type) {
  if (type == kNoValues) return "JSON";
  return map_scalar_types(type, [](const std::string& scalar) {
    return scalar == "TIMESTAMP" ? "TIMESTAMP WITH TIME ZONE" : scalar;
  });
}

}  // namespace

bool same_key_kind(const std::string& type, const std::string& other) {
  return type == other || (is_integer(type) && is_integer(other));
}

std::string select_empty(const std::vector<ColumnType>& columns) {
  std::vector<std::string> items;
  items.reserve(columns.size());
  for (const ColumnType& column : columns) {
    items.push_back(fmt::format("NULL::{} AS {}", column.type, quote_identifier(column.name)));
  }
  return fmt::format("SELECT {} WHERE false", fmt::join(items, ", "));
}

SourceRelation::SourceRelation(Engine& engine, std::string label, Source source,
                               std::vector<DeclaredColumn> declared, std::vector<Dataset> datasets)
    : label_(std::move(label)), source_(std::move(source)), declared_(std::move(declared)) {
  // An instance reads Lance from its opening on, or never.
  std::optional<Engine> with_lance;
  if (is_lance() && !datasets.empty() && !engine.reads_lance())
    with_lance.emplace(engine.settings(), description());
  Engine& inspector = with_lance ? *with_lance : engine;
  for (Dataset& dataset : datasets) {
    InspectedDataset inspected;
    inspected.dataset = std::move(dataset);
    look_at(inspector, inspected);
    datasets_.push_back(std::move(inspected));
  }
  for (const DeclaredColumn& column : declared_) {
    const std::string type = unified_type(engine, column);
    if (!type.empty()) columns_.push_back({column.name, type});
  }
}

void SourceRelation::look_at(Engine& engine, InspectedDataset& inspected) const {
  if (const auto problem = find_link_out(engine, inspected.dataset)) {
    inspected.error = "is not read: " + problem->what;
    inspected.fix = problem->fix;
    return;
  }
  try {
    inspect(engine, inspected);
    if (!source_.types.empty())
      inspect(engine, inspected);  // again, now that it is known which columns there are
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted || error.kind() == ErrorKind::kEnvironment) throw;
    inspected.error = std::string("can't be read: ") + error.what();
    inspected.fix = "repair or remove the file";
  }
  if (inspected.error.empty()) check_columns(inspected);
}

void SourceRelation::inspect(Engine& engine, InspectedDataset& inspected) const {
  std::map<std::string, std::string> types;
  std::map<std::string, std::string> names;
  for (const ColumnType& column : engine.describe("SELECT * FROM " + reader({&inspected}))) {
    types[lower(column.name)] = column.type;
    names[lower(column.name)] = column.name;
  }
  if (source_.format == SourceFormat::kCsv) {
    const std::string path = quote_text(escape_glob(inspected.dataset.path));
    inspected.own_time_format =
        engine
            .query(fmt::format("SELECT TimestampFormat FROM sniff_csv({}, header = true, {})", path,
                               kCsvQuotes))
            .at(0)
            .at(0)
            .has_value();
  }
  if (source_.format == SourceFormat::kParquet) {
    // How an all-NULL column is written by those who have no type for it; DuckDB calls it INTEGER.
    const std::string path = quote_text(escape_glob(inspected.dataset.path));
    for (const auto& row : engine.query(fmt::format(
             "SELECT name FROM parquet_schema({}) WHERE logical_type = 'NullType()'", path))) {
      if (const auto found = types.find(lower(row.at(0).value())); found != types.end()) {
        found->second = kNoValues;
      }
    }
  }
  if (source_.format == SourceFormat::kJson) {
    // Detection takes times in JSON for text where some have a fraction or zone and others not.
    for (const std::string& name :
         iso_time_columns(engine, reader({&inspected}), undeclared_text(types, names)))
      types[lower(name)] = "TIMESTAMP";
  }
  inspected.types = std::move(types);
  inspected.names = std::move(names);
}

// The plain columns, as the file spells them, that detection took for text.
std::vector<std::string> SourceRelation::undeclared_text(
    const std::map<std::string, std::string>& types,
    const std::map<std::string, std::string>& names) const {
  std::vector<std::string> found;
  for (const DeclaredColumn& column : declared_) {
    const auto detected = types.find(lower(column.source_name));
    if (column.role != ColumnRole::kPlain || detected == types.end()) continue;
    const bool given = std::ranges::any_of(
        source_.types, [&](const auto& type) { return lower(type.first) == detected->first; });
    if (!given && detected->second == "VARCHAR") found.push_back(names.at(detected->first));
  }
  return found;
}

const std::string* SourceRelation::type_of(const std::string& name) const {
  const auto found = std::ranges::find(columns_, name, &ColumnType::name);
  return found == columns_.end() ? nullptr : &found->type;
}

void SourceRelation::check_columns(InspectedDataset& inspected) const {
  const bool text_format = is_text_format(source_.format);
  for (const DeclaredColumn& column : declared_) {
    const auto found = inspected.types.find(lower(column.source_name));
    if (found == inspected.types.end()) {
      if (column.optional) continue;
      std::vector<std::string> names;
      for (const auto& [name, type] : inspected.types) names.push_back(name);
      inspected.error = fmt::format("has no column {}", column.source_name);
      inspected.fix = did_you_mean(column.source_name, names);
      return;
    }
    if (role_allows(column.role, found->second, text_format)) continue;
    inspected.error = fmt::format("has column {} as {}; expected {}", column.source_name,
                                  found->second, expected_type(column.role));
    inspected.fix =
        text_format ? "declare its type in source.types" : "convert the column in the source";
    return;
  }
}

// The type that a column of a file leaves with, or kNoValues.
std::string SourceRelation::leaving_type(const InspectedDataset& inspected,
                                         const DeclaredColumn& column) const {
  const auto found = inspected.types.find(lower(column.source_name));
  if (!inspected.error.empty() || found == inspected.types.end()) return kNoValues;
  if (found->second == kNoValues) return kNoValues;
  std::string type = normalised_type(found->second);
  const bool text_format = is_text_format(source_.format);
  // A time that CSV or JSON detection left as text, and an id that it took for something else.
  if (is_time_role(column.role) && type == "VARCHAR" && text_format) type = "TIMESTAMP";
  if (column.role == ColumnRole::kEventTime) type = "TIMESTAMP";
  if (column.role == ColumnRole::kKey && text_format && !is_integer(type)) type = "VARCHAR";
  if (column.role == ColumnRole::kEvent) type = "VARCHAR";
  if (column.role == ColumnRole::kCode && !is_integer(type)) type = "VARCHAR";
  return type;
}

// Detection calls a column without a value text: where another file knows better, that counts.
void SourceRelation::drop_empty_votes(Engine& engine, const DeclaredColumn& column) {
  for (InspectedDataset& inspected : datasets_) {
    const auto found = inspected.types.find(lower(column.source_name));
    if (!inspected.error.empty() || found == inspected.types.end()) continue;
    const std::string& type = found->second;
    if (type != "VARCHAR" && !type.starts_with("JSON") && type != "VARCHAR[]") continue;
    const std::string name = quote_identifier(inspected.names.at(found->first));
    const std::string has_value =
        is_list_type(type) ? fmt::format("len({}) > 0", name) : fmt::format("{} IS NOT NULL", name);
    const std::int64_t values = engine.query_count(
        fmt::format("SELECT count(*) FROM {} WHERE {}", reader({&inspected}), has_value));
    if (values == 0) found->second = kNoValues;
  }
}

// Lists, structs, maps and scalars: DuckDB would make one of the other, if it has to by way of
// text.
std::string outer_kind(const std::string& type) {
  if (is_list_type(type)) return "list";
  for (const char* nested : {"STRUCT(", "MAP(", "UNION("}) {
    if (type.starts_with(nested)) return nested;
  }
  return "scalar";
}

std::string SourceRelation::unified_type(Engine& engine, const DeclaredColumn& column) {
  const auto collect = [&] {
    std::set<std::string> types;
    for (const InspectedDataset& inspected : datasets_)
      types.insert(leaving_type(inspected, column));
    types.erase(kNoValues);
    return types;
  };
  std::set<std::string> types = collect();
  if (types.size() > 1 && is_text_format(source_.format)) {
    drop_empty_votes(engine, column);
    types = collect();
  }
  if (types.size() == 1) return *types.begin();
  if (types.empty()) {
    const bool exists = std::ranges::any_of(datasets_, [&](const InspectedDataset& inspected) {
      return inspected.types.contains(lower(column.source_name));
    });
    return column.optional && !exists ? "" : column.assumed_type;
  }
  const bool mixed_key = column.role == ColumnRole::kKey && types.contains("VARCHAR");
  if (mixed_key && !is_text_format(source_.format)) {
    throw Error(ErrorKind::kInput,
                fmt::format("{}: column {} is text in some files and integer in others ({})",
                            label_, column.source_name, fmt::join(types, ", ")),
                "give a key one type everywhere");
  }
  std::vector<std::string> selects;
  std::set<std::string> kinds;
  for (const std::string& type : types) {
    selects.push_back(fmt::format("SELECT NULL::{} AS x", type));
    kinds.insert(outer_kind(type));
  }
  const Error apart(
      ErrorKind::kInput,
      fmt::format("{}: column {} has types that don't go together in different files: {}", label_,
                  column.source_name, fmt::join(types, ", ")),
      "give it one type in all files");
  if (kinds.size() > 1) throw Error(apart);
  try {
    const std::string all = fmt::format("{}", fmt::join(selects, " UNION ALL "));
    return normalised_type(engine.describe(all).at(0).type);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted) throw;
    throw Error(apart);
  }
}

std::string SourceRelation::reader(const std::vector<const InspectedDataset*>& group) const {
  std::vector<std::string> paths;
  for (const InspectedDataset* inspected : group) {
    if (is_lance()) {
      paths.push_back(
          fmt::format("SELECT * FROM __lance_scan({})", quote_text(inspected->dataset.path)));
    } else {
      paths.push_back(quote_text(escape_glob(inspected->dataset.path)));
    }
  }
  if (is_lance()) return fmt::format("({})", fmt::join(paths, " UNION ALL BY NAME "));
  const std::string list = fmt::format("[{}]", fmt::join(paths, ", "));
  if (source_.format == SourceFormat::kParquet) {
    return fmt::format("read_parquet({}, hive_partitioning = false)", list);
  }
  const InspectedDataset& first = *group.front();
  std::map<std::string, std::string> overrides = type_overrides(first);
  if (source_.format == SourceFormat::kCsv) {
    const std::string types = overrides.empty() ? "" : ", types = " + struct_text(overrides);
    return fmt::format(
        "read_csv({}, header = true, {}, union_by_name = true, hive_partitioning = false{})", list,
        kCsvQuotes, types);
  }
  if (overrides.empty())
    return fmt::format("read_json({}, union_by_name = true, hive_partitioning = false)", list);
  // JSON takes the types of all columns or of none.
  for (const auto& [key, name] : first.names) {
    overrides.try_emplace(name, zoned_times(first.types.at(key)));
  }
  return fmt::format("read_json({}, union_by_name = true, hive_partitioning = false, columns = {})",
                     list, struct_text(overrides));
}

// DuckDB drops the zone of an ISO 8601 text that it reads as TIMESTAMP, silently; so such times are
// read as text, and cast by way of TIMESTAMPTZ.
bool SourceRelation::reads_time_as_text(const InspectedDataset& dataset,
                                        const DeclaredColumn& column) const {
  if (!is_text_format(source_.format) || dataset.own_time_format) return false;
  const auto found = dataset.types.find(lower(column.source_name));
  if (found == dataset.types.end()) return false;
  return (!is_list_type(found->second) && found->second.starts_with("TIMESTAMP")) ||
         (is_time_role(column.role) && found->second == "DATE");
}

std::map<std::string, std::string> SourceRelation::type_overrides(
    const InspectedDataset& dataset) const {
  std::map<std::string, std::string> overrides;
  for (const auto& [name, type] : source_.types) {
    if (const auto found = dataset.names.find(lower(name)); found != dataset.names.end())
      overrides[found->second] = type;
  }
  for (const DeclaredColumn& column : declared_) {
    const auto detected = dataset.types.find(lower(column.source_name));
    if (detected == dataset.types.end() || columns_.empty()) continue;  // still inspecting
    const std::string* unified = type_of(column.name);
    const std::string& spelling = dataset.names.at(detected->first);
    // What must be text in all files is read as text from the start: '007' stays '007'.
    const bool as_number = column.role == ColumnRole::kCode && is_fractional(detected->second);
    const bool text =
        unified != nullptr && *unified == "VARCHAR" && !as_number && detected->second != "VARCHAR";
    if (reads_time_as_text(dataset, column)) {
      overrides[spelling] = "VARCHAR";
    } else if (text) {
      overrides.try_emplace(spelling, "VARCHAR");
    }
  }
  return overrides;
}

std::string SourceRelation::expression(const DeclaredColumn& column,
                                       const InspectedDataset& dataset,
                                       const std::string& type) const {
  const auto found = dataset.types.find(lower(column.source_name));
  if (found == dataset.types.end()) return fmt::format("NULL::{}", type);
  std::string source = quote_identifier(column.source_name);
  const std::string& from = found->second;
  if (from == kNoValues) {  // NULLs, or in JSON lists without an element
    if (!is_list_type(type)) return fmt::format("NULL::{}", type);
    return fmt::format("CASE WHEN {} IS NOT NULL THEN CAST([] AS {}) END", source, type);
  }
  if (column.role == ColumnRole::kCode && type == "VARCHAR" && is_fractional(from)) {
    // 840.0 is how some writers store an integer beside NULLs.
    return fmt::format(
        "CASE WHEN {0} = trunc({0}) THEN CAST(TRY_CAST({0} AS BIGINT) AS VARCHAR) ELSE CAST({0} AS "
        "VARCHAR) END",
        source);
  }
  if (reads_time_as_text(dataset, column))
    return fmt::format("CAST(CAST({} AS TIMESTAMPTZ) AS {})", source, type);
  const bool read_with_zone = source_.format == SourceFormat::kJson && zoned_times(from) != from;
  if (from == type && !read_with_zone) return source;
  // Text formats are read as text where text is wanted; see type_overrides().
  if (is_text_format(source_.format) && type == "VARCHAR") return source;
  // Only a cast by way of TIMESTAMPTZ heeds the zone of a text.
  if (type == "TIMESTAMP" && from == "JSON") {
    return fmt::format("CAST(CAST(json_extract_string({}, '$') AS TIMESTAMPTZ) AS TIMESTAMP)",
                       source);
  }
  if (from == "JSON") return fmt::format("CAST(json_extract_string({}, '$') AS {})", source, type);
  if (type == "TIMESTAMP" && from == "VARCHAR")
    return fmt::format("CAST(CAST({} AS TIMESTAMPTZ) AS TIMESTAMP)", source);
  if (type == "TIMESTAMP" && from == "TIMESTAMP_NS") return timestamp_rounded_down(source);
  return fmt::format("CAST({} AS {})", source, type);
}

std::string SourceRelation::select_of(std::span<const InspectedDataset* const> datasets) const {
  // Files of one schema are read together; each other schema gets its own casts.
  using Names = std::map<std::string, std::string>;
  std::map<std::tuple<Names, Names, bool>, std::vector<const InspectedDataset*>> groups;
  for (const InspectedDataset* inspected : datasets) {
    if (!inspected->error.empty()) {
      throw Error(ErrorKind::kInput,
                  fmt::format("{}: {} {}", label_, inspected->dataset.path, inspected->error),
                  inspected->fix);
    }
    groups[{inspected->types, inspected->names, inspected->own_time_format}].push_back(inspected);
  }
  if (groups.empty()) return select_empty();
  std::vector<std::string> selects;
  for (const auto& [shape, group] : groups) {
    std::vector<std::string> items;
    for (const DeclaredColumn& column : declared_) {
      const std::string* type = type_of(column.name);
      if (type == nullptr) continue;
      items.push_back(expression(column, *group.front(), *type) + " AS " +
                      quote_identifier(column.name));
    }
    selects.push_back(fmt::format("SELECT {} FROM {}", fmt::join(items, ", "), reader(group)));
  }
  return fmt::format("{}", fmt::join(selects, " UNION ALL "));
}

std::string SourceRelation::select(std::span<const Dataset> datasets) const {
  std::vector<const InspectedDataset*> chosen;
  for (const Dataset& dataset : datasets) {
    for (const InspectedDataset& inspected : datasets_) {
      if (inspected.dataset.path == dataset.path) chosen.push_back(&inspected);
    }
  }
  return select_of(chosen);
}

std::string SourceRelation::select_all() const {
  std::vector<const InspectedDataset*> all;
  for (const InspectedDataset& inspected : datasets_) all.push_back(&inspected);
  return select_of(all);
}

std::string SourceRelation::select_empty() const { return daedalus::select_empty(columns_); }

std::vector<InputFile> SourceRelation::files() const {
  std::vector<InputFile> files;
  for (const InspectedDataset& inspected : datasets_) {
    files.insert(files.end(), inspected.dataset.files.begin(), inspected.dataset.files.end());
  }
  return files;
}

}  // namespace daedalus
