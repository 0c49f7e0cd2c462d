#include "catalog/iso_times.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/quote.h"

namespace daedalus {
namespace {

// The names that have only times in `relation`; one without a value counts as `without_value`.
std::vector<std::string> holding_times(Engine& engine, const std::string& relation,
                                       const std::vector<std::string>& names, bool without_value) {
  if (names.empty()) return {};
  std::vector<std::string> tests;
  for (const std::string& name : names) {
    // The cast knows the calendar, the pattern keeps out what else it takes: 'epoch', '2026-05-15'.
    tests.push_back(fmt::format(
        "coalesce(bool_and(regexp_full_match({0}, '\\d{{4}}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d.*') AND "
        "TRY_CAST({0} AS TIMESTAMPTZ) IS NOT NULL) FILTER (WHERE {0} IS NOT NULL), {1})",
        quote_identifier(name), without_value));
  }
  const auto row =
      engine.query(fmt::format("SELECT {} FROM {}", fmt::join(tests, ", "), relation)).at(0);
  std::vector<std::string> found;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (row.at(i) == "true") found.push_back(names[i]);
  return found;
}

}  // namespace

std::vector<std::string> iso_time_columns(Engine& engine, const std::string& relation,
                                          const std::vector<std::string>& names) {
  const std::string first_rows = fmt::format("(SELECT * FROM {} LIMIT 1000)", relation);
  return holding_times(engine, relation, holding_times(engine, first_rows, names, true), false);
}

}  // namespace daedalus
