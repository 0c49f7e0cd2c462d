#include "plan/plan_context.h"

#include <fmt/format.h>

namespace daedalus {

const RowColumn& PlanContext::need_column(const std::string& name) const {
  if (const RowColumn* column = columns.find(name)) return *column;
  std::vector<std::string> names;
  for (const RowColumn& column : columns.all()) names.push_back(column.name);
  const std::string near = config::did_you_mean(name, names);
  throw Error(ErrorKind::kConfig,
              fmt::format("no step makes a column '{}', and no file of the feed has it", name),
              near.empty() ? "give it a default, or remove it" : near);
}

}  // namespace daedalus
