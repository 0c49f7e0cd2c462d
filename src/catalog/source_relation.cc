#include "catalog/source_relation.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xxhash.h>

#include <algorithm>
#include <set>

#include "catalog/column_types.h"
#include "catalog/text_files.h"
#include "catalog/text_type.h"
#include "catalog/time_form.h"
#include "catalog/type_text.h"
#include "catalog/typed_files.h"
#include "config/problems.h"
#include "engine/quote.h"
#include "engine/reading_fault.h"

namespace daedalus {
namespace {

bool is_time_role(ColumnRole role) {
  return role == ColumnRole::kTime || role == ColumnRole::kEventTime;
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

bool is_nested(const std::string& type) { return outer_kind(type) != "scalar"; }

// The value of `name=…` among the directories of the path that the reader tells.
std::string path_value(const std::string& name) {
  std::string escaped;
  for (const char c : name) {
    if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return fmt::format(
      "url_decode(nullif(regexp_extract(filename, {}, 1), '__HIVE_DEFAULT_PARTITION__'))",
      quote_text("(?i).*/" + escaped + "=([^/]*)/"));
}

}  // namespace

bool same_key_kind(const std::string& type, const std::string& other) {
  return type == other || (is_integer_type(type) && is_integer_type(other));
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
                               std::vector<DeclaredColumn> declared, std::vector<Dataset> datasets,
                               const Remembered& remembered)
    : label_(std::move(label)), source_(std::move(source)), declared_(std::move(declared)) {
  // An instance reads Lance from its opening on, or never.
  std::optional<Engine> with_lance;
  if (is_lance() && !datasets.empty() && !engine.reads_lance())
    with_lance.emplace(engine.settings(), description());
  if (remembered.memory != nullptr) shapes_ = remembered.memory->known(remembered.source);
  for (const DeclaredColumn& column : declared_) {
    if (column.time_form || declared_type(source_, column.source_name)) shapes_.erase(column.name);
  }
  Engine& inspector = with_lance ? *with_lance : engine;
  for (Dataset& dataset : datasets) {
    InspectedDataset inspected;
    inspected.dataset = std::move(dataset);
    look_at(inspector, inspected, remembered.memory);
    if (inspected.is_fine()) hold_to(inspector, shapes_, inspected);
    places_[inspected.dataset.path] = datasets_.size();
    datasets_.push_back(std::move(inspected));
  }
  for (const DeclaredColumn& column : declared_) {
    const std::string type = unified_type(engine, column);
    if (!type.empty()) columns_.push_back({column.name, type});
  }
  if (remembered.memory != nullptr) remembered.memory->know(remembered.source, kept_shapes());
}

// The shapes that later values are held to. What a file at fault may still show must not find its
// type settled, and these two roles have one type whatever their values.
KnownShapes SourceRelation::kept_shapes() const {
  if (!std::ranges::all_of(datasets_, &InspectedDataset::is_fine)) return {};
  KnownShapes kept = shapes_;
  for (const DeclaredColumn& column : declared_) {
    if (column.role == ColumnRole::kEvent || column.role == ColumnRole::kEventTime)
      kept.erase(column.name);
  }
  return kept;
}

// What is asked of a text file, in which the answer rests.
std::string SourceRelation::question() const {
  std::string text = fmt::format("{}\n{}\n", static_cast<int>(source_.format),
                                 fmt::join(source_.null_values, "\n"));
  for (const auto& [name, type] : source_.types) text += name + "\n" + type + "\n";
  for (const DeclaredColumn& column : declared_) {
    text += fmt::format("{}\n{}\n{}\n{}\n", column.name, column.source_name,
                        static_cast<int>(column.role),
                        column.time_form ? to_string(*column.time_form) : "");
  }
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

void SourceRelation::look_at(Engine& engine, InspectedDataset& inspected,
                             TextMemory* memory) const {
  if (const auto problem = find_link_out(engine, inspected.dataset)) {
    inspected.fail("is not read: " + problem->what, problem->fix);
    return;
  }
  const bool remembers = memory != nullptr && is_text_format(source_.format);
  if (remembers && memory->recall(question(), inspected)) {
    settle_reader(source_, inspected);
    add_path_columns(inspected);
    return;
  }
  std::vector<std::string> names;
  try {
    names = is_text_format(source_.format) ? look_at_text(engine, source_, declared_, inspected)
                                           : look_at_typed(engine, source_, declared_, inspected);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted || error.kind() == ErrorKind::kEnvironment) throw;
    const bool is_clash = std::string_view(error.what()).starts_with("has the column");
    const auto [what, fix] =
        is_clash ? ReadingFault{error.what(), ""} : reading_fault(inspected.dataset.path, error);
    inspected.fail(what, fix);
  }
  if (!inspected.is_fine()) return;
  add_path_columns(inspected);
  check_columns(engine, inspected, names);
  if (remembers && inspected.is_fine()) memory->remember(question(), inspected);
}

// Columns that stand in the path; the file's own of the same name counts.
void SourceRelation::add_path_columns(InspectedDataset& inspected) const {
  for (const auto& [name, value] : inspected.dataset.path_values) {
    const auto declared = std::ranges::find(declared_, name, &DeclaredColumn::name);
    if (declared == declared_.end() || inspected.columns.contains(name)) continue;
    FileColumn column{
        declared->source_name, path_value(declared->source_name), "VARCHAR", {}, 0, true};
    column.text.emplace().add_scalar(0);
    inspected.columns[name] = std::move(column);
  }
}

void SourceRelation::check_columns(Engine& engine, InspectedDataset& inspected,
                                   const std::vector<std::string>& names) const {
  for (const DeclaredColumn& column : declared_) {
    const auto found = inspected.columns.find(column.name);
    if (found == inspected.columns.end()) {
      if (column.optional) continue;
      inspected.fail(fmt::format("has no column {}", column.source_name),
                     config::did_you_mean(column.source_name, names));
      return;
    }
    if (std::string what = objection(engine, column, inspected); !what.empty()) {
      inspected.fail(std::move(what), "");
      inspected.fix =
          is_time_role(column.role) && !column.time_form
              ? fmt::format(
                    "if it holds times in another form, declare it: `times: {{{}: epoch_s}}`, or "
                    "epoch_ms, epoch_us, epoch_ns or a strptime format",
                    column.name)
              : "convert the column in the source";
      return;
    }
  }
}

// Why the column can't be what it is for; empty when it can.
std::string SourceRelation::objection(Engine& engine, const DeclaredColumn& column,
                                      const InspectedDataset& inspected) const {
  const FileColumn& found = inspected.columns.at(column.name);
  if (found.type == kNoValues) return "";
  if (column.time_form) {
    if (can_have_form(found.type, *column.time_form)) return "";
    return fmt::format("has column {} as {}; `times` declares it as {}", found.name, found.type,
                       to_string(*column.time_form));
  }
  if (!leaving_type_of(column.role, found.type, found.text.has_value()).empty()) return "";
  std::string what = fmt::format("has column {} as {}; expected {}", found.name, found.type,
                                 expected_type(column.role));
  if (!is_time_role(column.role) || !is_text_format(source_.format)) return what;
  TextShape times;
  times.add_scalar(kTextTimestamp);
  if (const std::string misfit = first_misfit(engine, source_, inspected, found, times);
      !misfit.empty())
    what += ", as " + misfit + " is none";
  return what;
}

// Whether the column's type is found in its values: neither declared nor of a form.
bool SourceRelation::has_found_type(const DeclaredColumn& column, const FileColumn& of_file) const {
  return is_text_format(source_.format) && of_file.text && !column.time_form &&
         !declared_type(source_, column.source_name) && !of_file.from_path;
}

void SourceRelation::hold_to(Engine& engine, const KnownShapes& known,
                             InspectedDataset& inspected) const {
  for (const DeclaredColumn& column : declared_) {
    const auto before = known.find(column.name);
    const auto found = inspected.columns.find(column.name);
    if (before == known.end() || found == inspected.columns.end()) continue;
    const FileColumn& of_file = found->second;
    if (!has_found_type(column, of_file) || of_file.text->fits(before->second)) continue;
    inspected.fail(
        fmt::format("holds {} in column {}, which has been {} since a run first read it",
                    first_misfit(engine, source_, inspected, of_file, before->second), of_file.name,
                    before->second.type()),
        "mend the value; or, if it is meant, let the column be wider with `daeda catalog "
        "accept-types`, or by its type in source.types");
    return;
  }
}

const std::string* SourceRelation::type_of(const std::string& name) const {
  const auto found = std::ranges::find(columns_, name, &ColumnType::name);
  return found == columns_.end() ? nullptr : &found->type;
}

// The type that a column of a file leaves with, or kNoValues.
std::string SourceRelation::leaving_type(const InspectedDataset& inspected,
                                         const DeclaredColumn& column) const {
  const auto found = inspected.columns.find(column.name);
  if (!inspected.is_fine() || found == inspected.columns.end()) return kNoValues;
  const FileColumn& of_file = found->second;
  if (of_file.type == kNoValues) return kNoValues;
  if (column.time_form) return "TIMESTAMP";
  return leaving_type_of(column.role, of_file.type, of_file.text.has_value());
}

std::string SourceRelation::unified_type(Engine& engine, const DeclaredColumn& column) {
  bool exists = false;
  std::map<std::string, std::string> types;  // to a file that has it
  TextShape& shape = shapes_[column.name];
  for (const InspectedDataset& inspected : datasets_) {
    const auto found = inspected.columns.find(column.name);
    exists = exists || found != inspected.columns.end();
    if (!inspected.is_fine() || found == inspected.columns.end()) continue;
    if (has_found_type(column, found->second)) {
      shape.merge(*found->second.text);
    } else if (const std::string type = leaving_type(inspected, column); type != kNoValues) {
      types.try_emplace(type, inspected.dataset.path);
    }
  }
  if (shape.has_values()) {
    types.try_emplace(leaving_type_of(column.role, shape.type(), true), "");
  } else {
    shapes_.erase(column.name);
  }
  if (types.empty()) return column.optional && !exists ? "" : column.assumed_type;
  if (types.size() == 1) return types.begin()->first;
  return one_type(engine, column, types);
}

// What `types`, several, go together as.
std::string SourceRelation::one_type(Engine& engine, const DeclaredColumn& column,
                                     const std::map<std::string, std::string>& types) const {
  std::vector<std::string> told;
  std::vector<std::string> selects;
  std::set<std::string> kinds;
  for (const auto& [type, path] : types) {
    told.push_back(path.empty() ? type : fmt::format("{} in {}", type, path));
    selects.push_back(fmt::format("SELECT NULL::{} AS x", type));
    kinds.insert(outer_kind(type));
  }
  if (column.role == ColumnRole::kKey && types.contains("VARCHAR")) {
    // A directory's name is text; so is what stands beside it in text files.
    if (is_text_format(source_.format)) return "VARCHAR";
    throw Error(ErrorKind::kInput,
                fmt::format("{}: column {} is text in some files and integer in others: {}", label_,
                            column.source_name, fmt::join(told, ", ")),
                "give a key one type everywhere");
  }
  const Error apart(
      ErrorKind::kInput,
      fmt::format("{}: column {} has types that don't go together in different files: {}", label_,
                  column.source_name, fmt::join(told, ", ")),
      "give it one type in all files");
  if (kinds.size() > 1) throw Error(apart);
  std::string type;
  try {
    const std::string all = fmt::format("{}", fmt::join(selects, " UNION ALL "));
    type = engine.describe(all).at(0).type;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted) throw;
    throw Error(apart);
  }
  // No type of Parquet holds both signed and unsigned integers of 64 bits.
  if (column.role == ColumnRole::kKey && type == "HUGEINT") throw Error(apart);
  return normalised_type(type);
}

std::string SourceRelation::reader(const std::vector<const InspectedDataset*>& group) const {
  if (is_text_format(source_.format)) {
    KnownShapes nested;
    std::set<std::string> as_text;
    for (const DeclaredColumn& column : declared_) {
      const std::string* type = type_of(column.name);
      if (type == nullptr) continue;
      const bool is_found = !declared_type(source_, column.source_name);
      if (is_found && is_nested(*type)) nested[column.name] = shapes_.at(column.name);
      const bool is_text = column.time_form || type->find("VARCHAR") != std::string::npos;
      if (is_text || !is_found) as_text.insert(column.name);
    }
    return read_text_files(source_, group, nested, as_text);
  }
  const bool reads_path = std::ranges::any_of(
      group.front()->columns, [](const auto& column) { return column.second.from_path; });
  return read_typed_files(source_, group, reads_path);
}

std::string SourceRelation::expression(const DeclaredColumn& column, const FileColumn* of_file,
                                       const std::string& type) const {
  if (of_file == nullptr || of_file->type == kNoValues) return fmt::format("NULL::{}", type);
  const std::string& sql = of_file->sql;
  const std::string& from = of_file->type;
  const std::string& zone = source_.time_zone;
  if (column.time_form) return time_of_form(sql, from, *column.time_form, zone, of_file->name);
  const bool as_code = column.role == ColumnRole::kCode && type == "VARCHAR";
  if (of_file->text) {
    // 840.0 is how some writers store an integer beside NULLs.
    if (as_code && from == "DOUBLE") return fmt::format("regexp_replace({}, '\\.0+$', '')", sql);
    if (const auto declared = declared_type(source_, column.source_name);
        declared && type != "VARCHAR")
      return typed_as(text_as(sql, *declared, zone), *declared, type, "UTC");
    return is_nested(type) ? json_as(sql, shapes_.at(column.name), zone) : text_as(sql, type, zone);
  }
  if (as_code && (from == "DOUBLE" || from == "FLOAT" || from.starts_with("DECIMAL"))) {
    return fmt::format(
        "CASE WHEN {0} = trunc({0}) THEN CAST(TRY_CAST({0} AS BIGINT) AS VARCHAR) ELSE CAST({0} AS "
        "VARCHAR) END",
        sql);
  }
  return typed_as(sql, from, type, zone);
}

std::string SourceRelation::select_of(std::span<const InspectedDataset* const> datasets) const {
  // Files of one shape are read together; each other shape gets its own casts.
  std::map<std::string, std::vector<const InspectedDataset*>> groups;
  for (const InspectedDataset* inspected : datasets) {
    if (!inspected->is_fine()) {
      throw Error(ErrorKind::kInput,
                  fmt::format("{}: {} {}", label_, inspected->dataset.path, inspected->error),
                  inspected->fix);
    }
    std::string shape = inspected->reader_options;
    for (const auto& [name, column] : inspected->columns) {
      for (const std::string& part : {name, column.sql, column.type}) shape += '\0' + part;
    }
    groups[shape].push_back(inspected);
  }
  if (groups.empty()) return select_empty();
  std::vector<std::string> selects;
  for (const auto& [shape, group] : groups) {
    std::vector<std::string> items;
    for (const DeclaredColumn& column : declared_) {
      const std::string* type = type_of(column.name);
      if (type == nullptr) continue;
      const auto& columns = group.front()->columns;
      const auto found = columns.find(column.name);
      items.push_back(expression(column, found == columns.end() ? nullptr : &found->second, *type) +
                      " AS " + quote_identifier(column.name));
    }
    selects.push_back(fmt::format("SELECT {} FROM {}", fmt::join(items, ", "), reader(group)));
  }
  return fmt::format("{}", fmt::join(selects, " UNION ALL "));
}

std::string SourceRelation::select(std::span<const Dataset> datasets) const {
  std::vector<const InspectedDataset*> chosen;
  for (const Dataset& dataset : datasets) chosen.push_back(&datasets_.at(places_.at(dataset.path)));
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

std::set<std::string> SourceRelation::columns_in(const Dataset& dataset) const {
  std::set<std::string> names;
  for (const auto& [name, column] : datasets_.at(places_.at(dataset.path)).columns)
    names.insert(name);
  return names;
}

}  // namespace daedalus
