#include "rolling/given_table.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <parquet/arrow/writer.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "catalog/source_relation.h"
#include "catalog/type_text.h"
#include "config/problems.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTime = "event_timestamp";

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_integer(const std::string& type) { return same_key_kind(type, "BIGINT"); }

// Whether values of these types can be equal.
bool are_comparable(const std::string& type, const std::string& other) {
  if (is_list_type(type) && is_list_type(other))
    return are_comparable(element_type(type), element_type(other));
  return type == other || (is_integer(type) && is_integer(other));
}

void write_parquet(const arrow::Table& table, const fs::path& file, const std::string& label) {
  const auto write = [&]() -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(const auto out, arrow::io::FileOutputStream::Open(file.string()));
    constexpr std::int64_t kRowGroup = 131'072;  // several, so that DuckDB reads in parallel
    ARROW_RETURN_NOT_OK(
        parquet::arrow::WriteTable(table, arrow::default_memory_pool(), out, kRowGroup));
    return out->Close();
  };
  const arrow::Status status = write();
  if (status.ok()) return;
  const bool is_machine = status.IsIOError() || status.IsOutOfMemory();
  throw Error(is_machine ? ErrorKind::kEnvironment : ErrorKind::kInput,
              fmt::format("{} can't be written to {}: {}", label, file.string(), status.ToString()),
              is_machine ? "free some disk space, or set temp_directory to another place"
                         : "leave the column out, or cast it to another type");
}

// Times of any zone are in UTC already; without it DuckDB reads nanoseconds exactly.
std::shared_ptr<arrow::Table> without_zone(const std::shared_ptr<arrow::Table>& table) {
  const int at = table->schema()->GetFieldIndex(kTime);
  if (at < 0 || table->field(at)->type()->id() != arrow::Type::TIMESTAMP) return table;
  const auto& type = static_cast<const arrow::TimestampType&>(*table->field(at)->type());
  const auto naive = arrow::timestamp(type.unit());
  return table
      ->SetColumn(at, arrow::field(kTime, naive), table->column(at)->View(naive).ValueOrDie())
      .ValueOrDie();
}

}  // namespace

std::shared_ptr<const fs::path> make_scratch_directory(
    const std::map<std::string, std::string>& settings) {
  const auto wanted = settings.find("temp_directory");
  std::error_code error;
  const fs::path base = wanted == settings.end() || wanted->second.empty()
                            ? fs::temp_directory_path(error)
                            : fs::path(wanted->second);
  if (!error) fs::create_directories(base, error);
  std::string name = (base / "daedalus-XXXXXX").string();
  if (error || ::mkdtemp(name.data()) == nullptr) {
    const std::string why = error ? error.message() : std::generic_category().message(errno);
    throw Error(ErrorKind::kEnvironment,
                fmt::format("can't make a directory in {}: {}", base.string(), why),
                "make it writable, or set temp_directory to another place");
  }
  return {new fs::path(name), [](const fs::path* path) {
            std::error_code ignored;
            fs::remove_all(*path, ignored);
            delete path;
          }};
}

GivenTable::GivenTable(Engine& engine, std::string label,
                       const std::shared_ptr<arrow::Table>& table, fs::path file)
    : label_(std::move(label)), file_(std::move(file)), names_(table->ColumnNames()) {
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < names_.size(); ++i) numbers.push_back(fmt::format("c{}", i));
  write_parquet(*without_zone(table)->RenameColumns(numbers).ValueOrDie(), file_, label_);
  for (const ColumnType& column :
       engine.describe(fmt::format("SELECT * FROM read_parquet({}, hive_partitioning = false)",
                                   quote_text(file_.string())))) {
    file_types_.push_back(column.type);
    types_.push_back(normalised_type(column.type));
  }
}

GivenTable GivenTable::as(std::string label) const {
  GivenTable same = *this;
  same.label_ = std::move(label);
  return same;
}

int GivenTable::number_of(const std::string& column) const {
  const auto at = std::ranges::find(names_, column);
  return at == names_.end() ? -1 : static_cast<int>(at - names_.begin());
}

const std::string& GivenTable::type_of(const std::string& column) const {
  return types_.at(static_cast<std::size_t>(number_of(column)));
}

std::string GivenTable::select(const std::vector<std::string>& keys) const {
  std::vector<std::string> columns{"file_row_number AS __place"};
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const std::string source = fmt::format("c{}", i);
    const std::string value = names_[i] == kTime && file_types_[i] == "TIMESTAMP_NS"
                                  ? timestamp_rounded_down(source)
                                  : fmt::format("CAST({} AS {})", source, types_[i]);
    columns.push_back(fmt::format("{} AS c{}", value, i));
    if (contains(keys, names_[i])) columns.push_back(value + " AS " + quote_identifier(names_[i]));
  }
  return fmt::format(
      "SELECT {} FROM read_parquet({}, file_row_number = true, hive_partitioning = false)",
      fmt::join(columns, ", "), quote_text(file_.string()));
}

std::string GivenTable::expression(const std::string& column) const {
  return fmt::format("c{}", number_of(column));
}

std::string GivenTable::own_expression(const std::string& column, const GivenTable& events) const {
  const std::string own = expression(column);
  const std::string& type = events.type_of(column);
  if (type_of(column) == type) return own;
  if (!is_list_type(type)) return fmt::format("TRY_CAST({} AS {})", own, type);
  return fmt::format("list_transform({}, lambda x: TRY_CAST(x AS {}))", own, element_type(type));
}

std::string GivenTable::other_columns(const std::vector<std::string>& keys) const {
  std::string columns;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!contains(keys, names_[i])) columns += fmt::format(", c{} DESC NULLS LAST", i);
  }
  return columns;
}

std::string GivenTable::missing(const std::string& column) const {
  const std::string nearest = config::did_you_mean(column, names_);
  return nearest.empty() ? "there are: " + config::join(names_) : nearest;
}

void GivenTable::check_listed(const AggregationSpec& spec, const GivenTable& rows,
                              std::vector<Problem>& problems) const {
  if (spec.agg == AggregationSpec::Agg::kCount) return;
  const auto complain = [&](const std::string& what, const std::string& fix) {
    problems.push_back({{}, fmt::format("{}: {}", spec.name, what), fix});
  };
  if (!has(spec.column))
    return complain(fmt::format("the {} have no column '{}'", label_, spec.column),
                    missing(spec.column));
  const std::string& type = type_of(spec.column);
  if (spec.flatten_distinct && !is_list_type(type)) {
    complain(fmt::format("flatten_distinct needs lists, and {} is {}", spec.column, type),
             "remove flatten_distinct, or name another column");
  }
  if (!spec.exclude_self) return;
  if (!rows.has(spec.column)) {
    complain(fmt::format("exclude_self needs the row's own value, and the {} have no column '{}'",
                         rows.label_, spec.column),
             "add the column, or remove exclude_self");
  } else if (!are_comparable(type, rows.type_of(spec.column))) {
    complain(fmt::format("exclude_self compares {}, which is {} in the {} and {} in the {}",
                         spec.column, type, label_, rows.type_of(spec.column), rows.label_),
             "give both one type");
  }
}

void GivenTable::check_key_columns(const std::vector<std::string>& keys,
                                   std::vector<Problem>& problems) const {
  for (const std::string& key : keys) {
    if (!has(key)) {
      problems.push_back(
          {{}, fmt::format("the {} have no column '{}'", label_, key), missing(key)});
      continue;
    }
    const std::string& type = type_of(key);
    const bool fits = key == kTime     ? type == "TIMESTAMP"
                      : key == "event" ? type == "VARCHAR"
                                       : type == "VARCHAR" || is_integer(type);
    if (fits) continue;
    problems.push_back({{},
                        fmt::format("{} of the {} is {}", key, label_, type),
                        key == kTime     ? "cast it to a timestamp"
                        : key == "event" ? "cast it to text"
                                         : "cast it to text or integers"});
  }
}

void GivenTable::check_key_values(Engine& engine, const std::vector<std::string>& keys) const {
  std::vector<std::string> counts;
  for (const std::string& key : keys) {
    const char* infinite = key == kTime ? " OR NOT isfinite(event_timestamp)" : "";
    counts.push_back(fmt::format("count(*) FILTER (WHERE {} IS NULL{})", key, infinite));
  }
  const auto row = engine
                       .query(fmt::format("SELECT {}, count(*) FROM ({})", fmt::join(counts, ", "),
                                          select(keys)))
                       .at(0);
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (row.at(i) == "0") continue;
    problems.push_back(
        {{},
         fmt::format("{} of {} {} have no {}{}", row.at(i).value(), row.back().value(), label_,
                     keys[i], keys[i] == kTime ? " that is finite" : ""),
         "leave them out, or fill the column"});
  }
  if (!problems.empty()) throw Error(ErrorKind::kDataCheck, problems);
}

}  // namespace daedalus
