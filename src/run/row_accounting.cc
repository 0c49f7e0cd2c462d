#include "run/row_accounting.h"

#include <fmt/format.h>

namespace daedalus {

std::int64_t count_of(const Counts& counts, const std::string& relation,
                      const std::string& reason) {
  const auto rows = counts.find(relation);
  if (rows == counts.end()) return 0;
  const auto found = rows->second.find(reason);
  return found == rows->second.end() ? 0 : found->second;
}

namespace {

StepAccount account_kept(const Counts& counts, const std::string& step, const std::string& relation,
                         const std::vector<std::string>& reasons) {
  StepAccount account{step, 0, {}, count_of(counts, relation, "kept")};
  for (const std::string& reason : reasons)
    account.dropped.emplace_back(reason, count_of(counts, relation, reason));
  account.rows_in = account.rows_out + account.rows_dropped();
  return account;
}

}  // namespace

void check_invalid_fraction(const Counts& counts, const Config& config, const std::string& day) {
  const double max_fraction = config.runtime.max_invalid_fraction;
  const FeedKeys& keys = config.feed.keys;
  const std::int64_t invalid = count_of(counts, "feed_day", "invalid");
  const std::int64_t rows = invalid + count_of(counts, "feed_day", "valid");
  if (invalid == 0 || static_cast<double>(invalid) / static_cast<double>(rows) <= max_fraction)
    return;
  throw Error(ErrorKind::kDataCheck,
              fmt::format("{} of the {} rows of {} have no {}, {} or {}: more than "
                          "max_invalid_fraction {} allows",
                          invalid, rows, day, keys.user, keys.item, keys.event, max_fraction),
              "repair the feed, or raise max_invalid_fraction in training/runtime.yaml");
}

std::vector<StepAccount> account_rows(const Config& config, const Plan& plan,
                                      const Counts& counts) {
  std::vector<StepAccount> accounts;
  const std::int64_t invalid = count_of(counts, "feed_day", "invalid");
  const std::int64_t valid = count_of(counts, "feed_day", "valid");
  accounts.push_back({"spine", valid + invalid, {{"invalid", invalid}}, valid});
  if (config.runtime.embedding_coverage_filter.enabled) {
    const std::int64_t in = count_of(counts, "covered", "rows_in");
    const std::int64_t out = count_of(counts, "covered", "rows_out");
    accounts.push_back({"embedding_coverage", in, {{"not_in_pool", in - out}}, out});
  }
  const SessionFilter& session = config.runtime.session_filter;
  if (plan.session && (session.drop_view_only || session.drop_single_like)) {
    accounts.push_back(
        account_kept(counts, "session_filter", "session_dropped", {"view_only", "single_like"}));
  }
  if (plan.filter_rules > 0) {
    std::vector<std::string> rules;
    for (std::size_t i = 0; i < plan.filter_rules; ++i) rules.push_back(fmt::format("rule_{}", i));
    accounts.push_back(account_kept(counts, "content_filter", "content_dropped", rules));
  }
  return accounts;
}

void check_accounts(const std::vector<StepAccount>& accounts, std::int64_t published) {
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const StepAccount& account = accounts[i];
    const std::int64_t next = i + 1 < accounts.size() ? accounts[i + 1].rows_in : published;
    if (account.rows_in - account.rows_dropped() == account.rows_out && account.rows_out == next)
      continue;
    throw Error(
        ErrorKind::kDataCheck,
        fmt::format("row accounting: step {} takes {} rows, drops {} and leaves {}, but {} go on",
                    account.step, account.rows_in, account.rows_dropped(), account.rows_out, next),
        "if the feed did not change during the run, this is a defect of Daedalus: please report "
        "it");
  }
}

}  // namespace daedalus
