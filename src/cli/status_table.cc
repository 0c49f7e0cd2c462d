#include "cli/status_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "cli/table.h"

namespace daedalus::cli {
namespace {

constexpr const char* kUnknown = "-";

std::string why(const DayStanding& standing) {
  switch (standing.state) {
    case DayState::kStale:
      return to_string(standing.reasons);
    case DayState::kFailed:
      return fmt::format("({}) {}", to_string(standing.error_kind.value_or(ErrorKind::kBug)),
                         standing.error.substr(0, standing.error.find('\n')));
    case DayState::kPublished:
    case DayState::kMissing:
      break;
  }
  return {};
}

std::string total_of(const std::vector<DayStanding>& standings) {
  std::vector<std::string> counts;
  for (const DayState state :
       {DayState::kPublished, DayState::kStale, DayState::kFailed, DayState::kMissing}) {
    const auto count = std::count_if(standings.begin(), standings.end(),
                                     [state](const auto& each) { return each.state == state; });
    if (count > 0) counts.push_back(fmt::format("{} {}", count, to_string(state)));
  }
  return fmt::format("{} {}: {}", standings.size(), standings.size() == 1 ? "day" : "days",
                     fmt::join(counts, ", "));
}

}  // namespace

std::string standing_table(const std::vector<DayStanding>& standings,
                           const std::string& output_root) {
  Table table({{"day"}, {"state"}, {"rows", Align::kRight}, {"bytes", Align::kRight}, {"why"}});
  for (const DayStanding& standing : standings) {
    const bool is_there = standing.bytes > 0;  // a published day has a file, even without rows
    table.add({standing.day, std::string(to_string(standing.state)),
               is_there ? format_count(standing.rows) : kUnknown,
               is_there ? format_bytes(standing.bytes) : kUnknown, why(standing)});
  }
  return fmt::format("{}\n{} in {}\n", table.to_string(), total_of(standings), output_root);
}

Json to_json(const std::vector<DayStanding>& standings) {
  Json list = Json::array();
  for (const DayStanding& standing : standings) {
    Json json{{"day", standing.day},
              {"state", to_string(standing.state)},
              {"rows", standing.rows},
              {"bytes", standing.bytes},
              {"reasons", Json::array()}};
    for (const StaleReason& reason : standing.reasons)
      json["reasons"].push_back({{"cause", to_string(reason.cause)}, {"names", reason.names}});
    if (standing.error_kind) {
      json["error_kind"] = to_string(*standing.error_kind);
      json["error"] = standing.error;
    }
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace daedalus::cli
