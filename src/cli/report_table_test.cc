#include "cli/report_table.h"

#include <gtest/gtest.h>

namespace daedalus::cli {
namespace {

DayReport published(const std::string& day) {
  return {.day = day,
          .status = DayStatus::kPublished,
          .row_accounting = {{"spine", 20'010, {{"invalid", 10}}, 20'000},
                             {"embedding_coverage", 20'000, {{"not_in_pool", 0}}, 20'000},
                             {"content_filter", 20'000, {{"rule_0", 1'000}}, 19'000}},
          .rows_out = 19'000,
          .bytes = 1'234'567,
          .seconds = 1.26};
}

TEST(ReportTable, ShowsWhereTheRowsWent) {
  DayReport second = published("2026-05-16");
  second.row_accounting = {{"spine", 500, {{"invalid", 0}}, 500}};
  second.rows_out = 500;
  second.bytes = 999;
  second.seconds = 12;
  EXPECT_EQ(report_table({.days = {published("2026-05-15"), second}}, 13.4, "out"),
            "day         rows in  invalid  rule_0  rows out  seconds   bytes  status\n"
            "2026-05-15   20,010       10   1,000    19,000      1.3  1.2 MB  published\n"
            "2026-05-16      500        0       0       500     12.0   999 B  published\n"
            "\n"
            "2 days: 2 published; wrote 19,500 rows, 1.2 MB to out in 13 s\n");
}

TEST(ReportTable, ShowsFailedAndUpToDateDays) {
  DayReport old = published("2026-05-14");
  old.status = DayStatus::kUpToDate;
  old.row_accounting.clear();
  old.seconds = 0;
  const DayReport failed = {.day = "2026-05-16",
                            .seconds = 0.3,
                            .error = "data/feed/2026-05.parquet: not a Parquet file\nmove it away",
                            .error_kind = ErrorKind::kInput};
  EXPECT_EQ(
      report_table({.days = {old, published("2026-05-15"), failed}}, 1.6, "out"),
      "day         rows in  invalid  rule_0  rows out  seconds   bytes  status\n"
      "2026-05-14        -        -       -    19,000      0.0  1.2 MB  up to date\n"
      "2026-05-15   20,010       10   1,000    19,000      1.3  1.2 MB  published\n"
      "2026-05-16        -        -       -         -      0.3       -  failed\n"
      "\n"
      "2026-05-16 failed (input): data/feed/2026-05.parquet: not a Parquet file\n"
      "  move it away\n"
      "\n"
      "3 days: 1 published, 1 up to date, 1 failed; wrote 19,000 rows, 1.2 MB to out in 1.6 s\n");
}

TEST(ReportTable, SaysWhyDaysWereToCompute) {
  DayReport first = published("2026-05-14");
  first.reasons = {{StaleReason::Cause::kMissing, {}}};
  DayReport changed = published("2026-05-15");
  changed.reasons = {{StaleReason::Cause::kInputs, {"/feed/a.parquet"}}};
  DayReport last = first;
  last.day = "2026-05-16";
  EXPECT_EQ(report_table({.days = {first, changed, last}}, 13.4, "out"),
            "day         rows in  invalid  rule_0  rows out  seconds   bytes  status\n"
            "2026-05-14   20,010       10   1,000    19,000      1.3  1.2 MB  published\n"
            "2026-05-15   20,010       10   1,000    19,000      1.3  1.2 MB  published\n"
            "2026-05-16   20,010       10   1,000    19,000      1.3  1.2 MB  published\n"
            "\n"
            "to compute: 2 days of 2026-05-14 to 2026-05-16: missing\n"
            "to compute: 2026-05-15: inputs changed: /feed/a.parquet\n"
            "\n"
            "3 days: 3 published; wrote 57,000 rows, 3.7 MB to out in 13 s\n");
}

TEST(ReportTable, ShowsDaysThatWereNotRun) {
  const DayReport failed = {
      .day = "2026-05-15", .error = "no file", .error_kind = ErrorKind::kInput};
  const DayReport not_run = {.day = "2026-05-16", .status = DayStatus::kNotRun};
  EXPECT_EQ(report_table({.days = {failed, not_run}}, 0.1, "out"),
            "day         rows in  rows out  seconds  bytes  status\n"
            "2026-05-15        -         -      0.0      -  failed\n"
            "2026-05-16        -         -      0.0      -  not run\n"
            "\n"
            "2026-05-15 failed (input): no file\n"
            "\n"
            "2 days: 1 failed, 1 not run; nothing written in 0.1 s\n");
}

TEST(ReportTable, ShowsThatNothingWasToDo) {
  DayReport day = published("2026-05-15");
  day.status = DayStatus::kUpToDate;
  day.seconds = 0;
  const DayReport unread = {.day = "2026-05-16", .status = DayStatus::kUpToDate};
  EXPECT_EQ(report_table({.days = {day, unread}}, 0.1, "out"),
            "day         rows in  invalid  rule_0  rows out  seconds   bytes  status\n"
            "2026-05-15   20,010       10   1,000    19,000      0.0  1.2 MB  up to date\n"
            "2026-05-16        -        -       -         -      0.0       -  up to date\n"
            "\n"
            "2 days: 2 up to date; nothing written in 0.1 s\n");
}

}  // namespace
}  // namespace daedalus::cli
