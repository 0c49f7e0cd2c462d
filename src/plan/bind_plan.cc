// bind_plan(): the whole plan on empty typed relations. A typo dies here, in milliseconds, before
// any data is read.
#include <fmt/format.h>

#include "engine/quote.h"
#include "plan/plan.h"

namespace daedalus {
namespace {

// The type of each column that `use` makes, from the types of its events.
std::vector<ColumnType> pit_columns(const PitUse& use, const std::vector<ColumnType>& events) {
  std::vector<ColumnType> columns{{"__row_id", "BIGINT"}};
  for (const PitSpec& pit : use.specs) {
    std::string type = "BIGINT";
    for (const ColumnType& event : events) {
      if (pit.spec.agg != AggregationSpec::Agg::kList || event.name != pit.spec.column) continue;
      type = pit.spec.flatten_distinct ? event.type : event.type + "[]";
    }
    for (const std::string& name : pit.output_names) columns.push_back({name, type});
  }
  return columns;
}

// The columns of the events of `use` and of their items.
std::vector<ColumnType> columns_of(const PitUse& use,
                                   const std::map<std::string, std::vector<ColumnType>>& files) {
  std::vector<ColumnType> columns = files.at(use.events);
  if (use.items.empty()) return columns;
  const std::vector<ColumnType>& items = files.at(use.items);
  columns.insert(columns.end(), items.begin(), items.end());
  return columns;
}

// What does not bind in a file that somebody edited is for them to mend.
std::vector<ColumnType> bind(Engine& engine, const Relation& relation) {
  try {
    return engine.describe(relation.sql);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kBug || !relation.edited) throw;
    const std::string message = error.what();
    throw Error(ErrorKind::kConfig,
                fmt::format("{}: {}", relation.sql_file, message.substr(0, message.find("\nin: "))),
                "mend the file, or run without --sql-dir");
  }
}

}  // namespace

std::vector<BoundRelation> bind_plan(const Plan& plan,
                                     const std::map<std::string, std::string>& duckdb_config) {
  Engine engine(duckdb_config);
  std::vector<BoundRelation> bound;
  std::map<std::string, std::vector<ColumnType>> files;
  const auto note = [&bound](const std::string& stage, const std::string& name,
                             const std::string& file, const std::vector<ColumnType>& columns) {
    BoundRelation relation{stage, name, file, {}};
    for (const ColumnType& column : columns)
      relation.columns.emplace_back(column.name, column.type);
    bound.push_back(std::move(relation));
  };
  for (const auto& [name, value] : plan.variables) engine.set_variable(name, value);
  for (const PlanInput& input : plan.inputs) {
    engine.create_view(input.name, input.select_empty);
    note("inputs", input.name, "", engine.describe(input.select_empty));
  }
  for (const Stage& stage : plan.stages) {
    if (stage.name == kPublishedRows) {
      for (const PitUse& use : plan.early) {
        const std::vector<ColumnType> columns = pit_columns(use, columns_of(use, files));
        engine.create_view(use.name, select_empty(columns));
        note("early_lists", use.name, "aggregate_pit_table", columns);
      }
    }
    for (const Relation& relation : stage.relations) {
      std::vector<ColumnType> columns = bind(engine, relation);
      note(stage.name, relation.name, relation.sql_file, columns);
      if (relation.form == Relation::Form::kCounts) continue;
      if (relation.form == Relation::Form::kFile || relation.form == Relation::Form::kOrderedFile) {
        files[relation.name] = columns;
        if (relation.form == Relation::Form::kOrderedFile) columns.push_back({"__row", "BIGINT"});
        engine.create_view(relation.name, select_empty(columns));
      } else {
        engine.create_view(relation.name, relation.sql);
      }
    }
  }
  return bound;
}

std::string pit_rows_select(const Plan& plan, const PitUse& use, const std::string& select) {
  std::string own;
  for (const std::string& column : plan.own_columns)
    own += ", " + quote_identifier("__own_" + column);
  return fmt::format("SELECT __row AS __row_id, {} AS __key, __t{} FROM ({})",
                     quote_identifier(use.key_column), own, select);
}

}  // namespace daedalus
