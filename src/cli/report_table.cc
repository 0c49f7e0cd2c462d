#include "cli/report_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/errors.h"
#include "cli/table.h"

namespace daedalus::cli {
namespace {

constexpr const char* kUnknown = "-";

// The reasons in the order of the steps.
std::vector<std::string> reasons_of(const Report& report) {
  std::vector<std::string> reasons;
  for (const DayReport& day : report.days) {
    for (const StepAccount& step : day.row_accounting) {
      for (const auto& [reason, rows] : step.dropped) {
        const bool is_known = std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
        if (rows > 0 && !is_known) reasons.push_back(reason);
      }
    }
  }
  return reasons;
}

std::int64_t dropped_for(const DayReport& day, const std::string& wanted) {
  std::int64_t sum = 0;
  for (const StepAccount& step : day.row_accounting) {
    for (const auto& [reason, rows] : step.dropped) sum += reason == wanted ? rows : 0;
  }
  return sum;
}

std::vector<std::string> row_of(const DayReport& day, const std::vector<std::string>& reasons) {
  const bool has_account = !day.row_accounting.empty();
  const bool has_output = day.bytes > 0;  // a published day has a file, even one without rows
  std::vector<std::string> row = {day.day};
  row.push_back(has_account ? format_count(day.row_accounting.front().rows_in) : kUnknown);
  for (const std::string& reason : reasons) {
    row.push_back(has_account ? format_count(dropped_for(day, reason)) : kUnknown);
  }
  row.push_back(has_output ? format_count(day.rows_out) : kUnknown);
  row.push_back(fmt::format("{:.1f}", day.seconds));
  row.push_back(has_output ? format_bytes(day.bytes) : kUnknown);
  row.emplace_back(to_string(day.status));
  return row;
}

std::string errors_of(const Report& report) {
  std::string text;
  for (const DayReport& day : report.days) {
    if (day.status != DayStatus::kFailed) continue;
    const ErrorKind kind = day.error_kind.value_or(ErrorKind::kBug);
    text += fmt::format("{} failed ({}): {}\n", day.day, to_string(kind), indent_rest(day.error));
  }
  return text.empty() ? text : "\n" + text;
}

std::string days_of(const std::vector<std::string>& days) {
  return days.size() == 1
             ? days.front()
             : fmt::format("{} days of {} to {}", days.size(), days.front(), days.back());
}

// A line per set of reasons, since most runs compute all their days for one.
std::string reasons_why(const Report& report) {
  std::vector<std::pair<std::string, std::vector<std::string>>> days_by_reason;
  for (const DayReport& day : report.days) {
    if (day.reasons.empty()) continue;
    const std::string reason = to_string(day.reasons);
    auto at = std::find_if(days_by_reason.begin(), days_by_reason.end(),
                           [&](const auto& each) { return each.first == reason; });
    if (at == days_by_reason.end()) at = days_by_reason.insert(at, {reason, {}});
    at->second.push_back(day.day);
  }
  std::string text;
  for (const auto& [reason, days] : days_by_reason) {
    text += fmt::format("to compute: {}: {}\n", days_of(days), reason);
  }
  return text.empty() ? text : "\n" + text;
}

std::string warnings_of(const Report& report) {
  std::string text;
  for (const Warning& warning : report.warnings)
    text += fmt::format("warning: {}: {}: {}\n", days_of(warning.days), warning.name, warning.text);
  return text.empty() ? text : "\n" + text;
}

std::string total_of(const Report& report, double seconds, const std::string& output_root) {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  for (const DayReport& day : report.days) {
    if (day.status != DayStatus::kPublished) continue;
    rows += day.rows_out;
    bytes += day.bytes;
  }
  std::string counts;
  for (const auto status :
       {DayStatus::kPublished, DayStatus::kUpToDate, DayStatus::kFailed, DayStatus::kNotRun}) {
    const auto count =
        std::count_if(report.days.begin(), report.days.end(),
                      [status](const DayReport& day) { return day.status == status; });
    if (count == 0) continue;
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, to_string(status));
  }
  const std::string written = bytes == 0
                                  ? "nothing written"
                                  : fmt::format("wrote {} rows, {} to {}", format_count(rows),
                                                format_bytes(bytes), output_root);
  return fmt::format("{} {}: {}; {} in {}\n", report.days.size(),
                     report.days.size() == 1 ? "day" : "days", counts, written,
                     format_seconds(seconds));
}

}  // namespace

std::string report_table(const Report& report, double seconds, const std::string& output_root) {
  const std::vector<std::string> reasons = reasons_of(report);
  std::vector<Table::Column> columns = {{"day"}, {"rows in", Align::kRight}};
  for (const std::string& reason : reasons) columns.push_back({reason, Align::kRight});
  columns.insert(columns.end(), {{"rows out", Align::kRight},
                                 {"seconds", Align::kRight},
                                 {"bytes", Align::kRight},
                                 {"status"}});
  Table table(columns);
  for (const DayReport& day : report.days) table.add(row_of(day, reasons));
  return table.to_string() + reasons_why(report) + warnings_of(report) + errors_of(report) + "\n" +
         total_of(report, seconds, output_root);
}

}  // namespace daedalus::cli
