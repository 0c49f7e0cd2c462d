#include <gtest/gtest.h>

#include "daedalus/skeleton.h"

namespace daedalus {
namespace {

DayReport published() { return {.day = "2026-05-15", .status = DayStatus::kPublished}; }
DayReport up_to_date() { return {.day = "2026-05-16", .status = DayStatus::kUpToDate}; }
DayReport failed(std::optional<ErrorKind> kind) {
  return {.day = "2026-05-17", .status = DayStatus::kFailed, .error_kind = kind};
}

int exit_code_of(std::vector<DayReport> days) {
  return Report{.days = std::move(days)}.exit_code();
}

TEST(StepAccount, SumsWhatWasDropped) {
  EXPECT_EQ(StepAccount{}.rows_dropped(), 0);
  EXPECT_EQ((StepAccount{.dropped = {{"view_only", 3}, {"single_like", 4}}}).rows_dropped(), 7);
}

TEST(Report, NoFailedDayIsSuccess) {
  EXPECT_EQ(exit_code_of({}), 0);
  EXPECT_EQ(exit_code_of({published(), up_to_date()}), 0);
}

TEST(Report, SomeFailedDaysAreOne) {
  EXPECT_EQ(exit_code_of({published(), failed(ErrorKind::kInput)}), 1);
  EXPECT_EQ(exit_code_of({up_to_date(), failed(ErrorKind::kEnvironment)}), 1);
  EXPECT_EQ(exit_code_of({failed(ErrorKind::kInput), failed(ErrorKind::kDataCheck)}), 1);
}

TEST(Report, OneCauseForAllDaysIsItsCode) {
  EXPECT_EQ(exit_code_of({failed(ErrorKind::kDataCheck)}), 3);
  EXPECT_EQ(exit_code_of({failed(ErrorKind::kInput), failed(ErrorKind::kInput)}), 4);
  EXPECT_EQ(exit_code_of({failed(ErrorKind::kBug), failed(std::nullopt)}), 70);
}

TEST(Report, DaysThatWereNotRunAreNoFailuresOfTheirOwn) {
  const DayReport not_run{.day = "2026-05-18", .status = DayStatus::kNotRun};
  EXPECT_EQ(exit_code_of({failed(ErrorKind::kInput), not_run}), 4);
  EXPECT_EQ(exit_code_of({published(), failed(ErrorKind::kInput), not_run}), 1);
}

TEST(Report, AnInterruptionWins) {
  EXPECT_EQ(exit_code_of({failed(ErrorKind::kInterrupted)}), 130);
  EXPECT_EQ(exit_code_of({published(), failed(ErrorKind::kInput), failed(ErrorKind::kInterrupted)}),
            130);
}

}  // namespace
}  // namespace daedalus
