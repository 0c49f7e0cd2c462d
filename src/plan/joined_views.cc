#include "plan/joined_views.h"

#include <algorithm>
#include <set>

#include "plan/row_rules.h"

namespace daedalus {
namespace {

using Origin = RowColumn::Origin;

// The views of which rows have columns that leave, or that a step reads.
std::set<std::string> shown_views(const Config& config, const RowColumns& columns) {
  std::set<std::string> names = columns_in_rules(config);
  for (const AgeColumn& age : config.runtime.age_columns) names.insert(age.since);
  for (const OutputColumn& output : config.runtime.output_columns) names.insert(output.name);
  std::set<std::string> views;
  for (const std::string& name : names) {
    const RowColumn* column = columns.find(name);
    if (column != nullptr && !column->view.empty()) views.insert(column->view);
  }
  return views;
}

}  // namespace

std::vector<JoinedView> joined_views(const Config& config, const RowColumns& columns) {
  std::set<std::string> names(config.runtime.feature_refs.begin(),
                              config.runtime.feature_refs.end());
  for (const RowColumn& column : columns.of(Origin::kStatic)) names.insert(column.view);
  const std::set<std::string> shown = shown_views(config, columns);
  std::vector<JoinedView> views;
  for (const std::string& name : names)
    views.push_back(
        {name, number_of_id(config.feed.keys, config.views.at(name).entity), shown.contains(name)});
  return views;
}

bool counts_known_rows(const Config& config) {
  return config.runtime.policy_of("empty-join") != WarningPolicy::kIgnore;
}

bool counts_newer_rows(const Config& config, const JoinedView& view) {
  return view.is_shown && !config.views.at(view.name).timestamp_field.empty() &&
         config.runtime.policy_of("newer-features") != WarningPolicy::kIgnore;
}

}  // namespace daedalus
