#include "plan/row_rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "catalog/type_text.h"
#include "config/node.h"
#include "engine/quote.h"
#include "plan/constant_expression.h"
#include "plan/list_columns.h"
#include "plan/literals.h"

namespace daedalus {
namespace {

std::string all_of(PlanContext& context, const std::vector<ColumnLiteral>& items) {
  std::vector<std::string> conditions;
  for (const ColumnLiteral& item : items) {
    conditions.push_back(condition(context.engine, item, context.need_column(item.column).type));
  }
  return conditions.empty() ? "TRUE" : fmt::format("{}", fmt::join(conditions, " AND "));
}

void check_constant(PlanContext& context, const std::string& expression) {
  try {
    context.engine.query("SELECT " + expression);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted) throw;
    throw Error(ErrorKind::kConfig,
                std::string("the default can't be of the column's type: ") + error.what(),
                "give it another");
  }
}

// The column, or its default where no step makes it; cast where a type is asked for. A timestamp
// leaves without a zone, also one that a default or a type makes.
std::string output_expression(PlanContext& context, const OutputColumn& output) {
  const RowColumn* column = context.columns.find(output.name);
  std::string expression;
  std::string type;
  if (column == nullptr && output.default_sql) {
    expression = constant_expression(context.engine, output.name, *output.default_sql);
    type = context.engine.describe("SELECT " + expression + " AS x").at(0).type;
  } else if (column == nullptr && output.default_value) {
    expression = quote_literal(*output.default_value);
  } else {
    expression = quote_identifier(context.need_column(output.name).name);
  }
  if (output.type) {
    type = quote_type(context.engine, *output.type);
    const bool time_of_text = column == nullptr && type == "TIMESTAMP" && output.default_value &&
                              std::holds_alternative<std::string>(output.default_value->value);
    if (time_of_text) expression = fmt::format("CAST({} AS TIMESTAMPTZ)", expression);
    expression = fmt::format("CAST({} AS {})", expression, type);
    if (column == nullptr) check_constant(context, expression);
  }
  const std::string leaves_as = normalised_type(type);
  return leaves_as == type ? expression : fmt::format("CAST({} AS {})", expression, leaves_as);
}

}  // namespace

std::string curation_assignments(PlanContext& context, std::size_t index) {
  const CurationRule& rule = context.config.runtime.curation[index];
  const std::string key = fmt::format("runtime.curation[{}]", index);
  const std::string when =
      context.guarded(key + ".when", [&] { return all_of(context, rule.when); });
  std::vector<std::string> assignments;
  for (const ColumnLiteral& item : rule.set) {
    assignments.push_back(context.guarded(key + ".set." + item.column, [&] {
      const RowColumn& column = context.need_column(item.column);
      return fmt::format("CASE WHEN {0} THEN {1} ELSE {2} END AS {2}", when,
                         value_of_type(context.engine, item, column.type),
                         quote_identifier(column.name));
    }));
  }
  return fmt::format("{}", fmt::join(assignments, ", "));
}

std::string content_filter_branches(PlanContext& context) {
  std::string branches;
  const std::vector<FilterRule>& rules = context.config.runtime.content_filter;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string matches = context.guarded(fmt::format("runtime.content_filter[{}]", i),
                                                [&] { return all_of(context, rules[i]); });
    branches += fmt::format("WHEN {} THEN 'rule_{}' ", matches, i);
  }
  return branches.empty() ? "WHEN FALSE THEN NULL::VARCHAR" : branches;
}

std::set<std::string> columns_in_rules(const Config& config) {
  std::set<std::string> names;
  const auto add = [&](const std::vector<ColumnLiteral>& items) {
    for (const ColumnLiteral& item : items) names.insert(item.column);
  };
  for (const CurationRule& rule : config.runtime.curation) {
    add(rule.when);
    add(rule.set);
  }
  for (const FilterRule& rule : config.runtime.content_filter) add(rule);
  for (const OutputColumn& output : config.runtime.output_columns) {
    if (output.type) names.insert(output.name);
  }
  return names;
}

bool is_curated(const Config& config, const std::string& name) {
  return std::ranges::any_of(config.runtime.curation, [&](const CurationRule& rule) {
    return std::ranges::any_of(
        rule.set, [&](const ColumnLiteral& item) { return config::same_name(item.column, name); });
  });
}

OutputPlan plan_output(PlanContext& context, const std::set<std::string>& early,
                       const std::set<std::string>& of_entities, bool session) {
  using From = OutputItem::Source;
  OutputPlan plan;
  bool has_qid = false;
  const std::vector<OutputColumn>& wanted = context.config.runtime.output_columns;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const OutputColumn& output = wanted[i];
    const std::string key = fmt::format("runtime.output_columns[{}]", i);
    const std::string told = config::tell_item("runtime.output_columns", i, output.name);
    const RowColumn* column = context.columns.find(output.name);
    if (column == nullptr && session && config::same_name(output.name, "qid")) {
      has_qid = true;
      const std::string type = context.guarded(key, told, [&] {
        return output.type ? quote_type(context.engine, *output.type) : std::string();
      });
      plan.items.push_back({output.name, From::kQid, type});
    } else if (column != nullptr && is_list(*column) && !early.contains(column->name)) {
      plan.items.push_back({output.name, From::kList, ""});
      plan.lists[column->name] = output.name;
    } else if (column != nullptr && !output.type && of_entities.contains(column->name)) {
      plan.items.push_back({output.name, From::kEntity, ""});
      plan.of_entities[column->name] = output.name;
    } else {
      plan.items.push_back({output.name, From::kRow, ""});
      plan.row_columns += fmt::format(
          ", {} AS {}",
          context.guarded(key, told, [&] { return output_expression(context, output); }),
          quote_identifier(output.name));
    }
  }
  if (session && !has_qid) plan.items.push_back({"qid", From::kQid, ""});
  return plan;
}

}  // namespace daedalus
