// Every row of a day is accounted for: what each step dropped, and why.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daedalus/skeleton.h"
#include "plan/plan.h"

namespace daedalus {

/// The counts that a plan's kCounts relations gave: relation to reason to rows.
using Counts = std::map<std::string, std::map<std::string, std::int64_t>>;

/// The rows that `relation` counted for `reason`; 0 where it counted none.
std::int64_t count_of(const Counts& counts, const std::string& relation, const std::string& reason);

/// Throws Error{kDataCheck} when more of the day's own rows are invalid than max_invalid_fraction
/// allows.
void check_invalid_fraction(const Counts& counts, const Config& config, const std::string& day);

/// The accounts of the steps that are switched on, from `counts`.
std::vector<StepAccount> account_rows(const Config& config, const Plan& plan, const Counts& counts);

/// Throws Error{kDataCheck} when the accounts don't add up to `published` rows.
void check_accounts(const std::vector<StepAccount>& accounts, std::int64_t published);

}  // namespace daedalus
