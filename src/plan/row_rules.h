// Curation, the content filter and the output columns as SQL over a row.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "plan/plan_context.h"

namespace daedalus {

/// The assignments of curation rule `index`, for `SELECT * REPLACE (…)`; empty when it assigns
/// nothing.
std::string curation_assignments(PlanContext& context, std::size_t index);

/// The `WHEN … THEN 'rule_N'` branches of the content filter.
std::string content_filter_branches(PlanContext& context);

/// Where the columns of the output come from.
struct OutputPlan {
  std::vector<OutputItem> items;  ///< In the order of the output, with qid.
  std::string row_columns;        ///< SQL of those that the rows have, each after a comma.
  std::map<std::string, std::string> lists;        ///< List column to its name in the output.
  std::map<std::string, std::string> of_entities;  ///< The same for columns fetched by number.
};

/// Decides it. `early`: the lists that the rows have already; `of_entities`: the columns that can
/// be fetched by number. `session`: whether the feed has one.
OutputPlan plan_output(PlanContext& context, const std::set<std::string>& early,
                       const std::set<std::string>& of_entities, bool session);

/// The columns that a curation or filter rule names, or `type` casts, as the configuration spells
/// them.
std::set<std::string> columns_in_rules(const Config& config);

/// Whether a curation rule may change the column `name`.
bool is_curated(const Config& config, const std::string& name);

}  // namespace daedalus
