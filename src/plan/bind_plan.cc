// bind_plan(): the whole plan on empty typed relations. A typo dies here, in milliseconds, before
// any data is read.
#include <fmt/format.h>

#include <algorithm>

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

// Binds one relation after another.
class Binder {
 public:
  explicit Binder(const std::map<std::string, std::string>& settings) : engine_({settings, {}}) {}

  void add_inputs(const StagePlan& plan) {
    for (const PlanInput& input : plan.inputs) {
      engine_.create_view(input.name, input.select_empty);
      const bool is_known =
          std::ranges::find(bound_, input.name, &BoundRelation::name) != bound_.end();
      if (!is_known) note("inputs", input.name, "", engine_.describe(input.select_empty));
    }
  }

  void set_variables(const Variables& variables) {
    for (const auto& [name, value] : variables) engine_.set_variable(name, value);
  }

  void add_list(const PitUse& use) {
    const std::vector<ColumnType> columns = pit_columns(use, columns_of(use, files_));
    engine_.create_view(use.name, select_empty(columns));
    note("early_lists", use.name, "aggregate_pit_table", columns);
  }

  void add_stage(const Stage& stage) {
    for (const Relation& relation : stage.relations) {
      std::vector<ColumnType> columns = bind(engine_, relation);
      note(stage.name, relation.name, relation.sql_file, columns);
      const bool is_read_by_sql =
          relation.form != Relation::Form::kCounts && relation.form != Relation::Form::kHeld;
      if (!is_read_by_sql) continue;
      // Whatever its form: a view's text would be bound again with each relation that reads it.
      if (relation.form == Relation::Form::kFile || relation.form == Relation::Form::kOrderedFile)
        files_[relation.name] = columns;
      if (relation.form == Relation::Form::kOrderedFile) columns.push_back({"__row", "BIGINT"});
      engine_.create_view(relation.name, select_empty(columns));
    }
  }

  std::vector<BoundRelation> take() { return std::move(bound_); }

 private:
  void note(const std::string& stage, const std::string& name, const std::string& file,
            const std::vector<ColumnType>& columns) {
    BoundRelation relation{stage, name, file, {}};
    for (const ColumnType& column : columns)
      relation.columns.emplace_back(column.name, column.type);
    bound_.push_back(std::move(relation));
  }

  Engine engine_;
  std::vector<BoundRelation> bound_;
  std::map<std::string, std::vector<ColumnType>> files_;
};

}  // namespace

std::vector<BoundRelation> bind_plan(const SweepPlan& sweep, const Plan& plan,
                                     const std::map<std::string, std::string>& duckdb_config) {
  Binder binder(duckdb_config);
  binder.add_inputs(sweep);
  binder.add_inputs(plan);
  binder.set_variables(sweep.variables);
  for (const Stage& stage : sweep.stages) binder.add_stage(stage);
  binder.set_variables(plan.variables);
  binder.set_variables(plan.day_variables);
  for (const Stage& stage : plan.stages) {
    if (stage.name == kPublishedRows) {
      for (const PitUse& use : plan.early) binder.add_list(use);
    }
    binder.add_stage(stage);
  }
  return binder.take();
}

}  // namespace daedalus
