#include "cli/progress.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <thread>
#include <vector>

namespace daedalus::cli {
namespace {

DayReport published(const std::string& day) {
  return {
      .day = day, .status = DayStatus::kPublished, .rows_out = 1234, .bytes = 5600, .seconds = 3.4};
}

TEST(Progress, IsALinePerStageAndDayWithoutATerminal) {
  std::ostringstream err;
  EXPECT_EQ(progress_style(err), ProgressStyle::kLines);
  Progress progress(err, ProgressStyle::kLines);
  progress.run_started(2, 2, 0);
  progress.warning("lookback is short");
  progress.warning("lookback is short");
  progress.day_started("2026-05-15", {{StaleReason::Cause::kConfiguration, {"runtime.chunk"}}});
  progress.stage_started("2026-05-15", "spine");
  progress.stage_finished("2026-05-15", "spine", 1.2);
  progress.day_finished(published("2026-05-15"));
  progress.day_finished({.day = "2026-05-16", .seconds = 0.3, .error = "no file\nmore"});
  progress.day_finished({.day = "2026-05-17", .status = DayStatus::kUpToDate});
  progress.day_finished({.day = "2026-05-18",
                         .seconds = 0.1,
                         .error = "stopped",
                         .error_kind = ErrorKind::kInterrupted});
  progress.day_finished({.day = "2026-05-19", .status = DayStatus::kNotRun});
  EXPECT_EQ(err.str(),
            "warning: lookback is short\n"
            "2026-05-15  to compute: config changed: runtime.chunk\n"
            "2026-05-15  spine  1.2 s\n"
            "2026-05-15  published  1,234 rows  5.6 kB  3.4 s\n"
            "2026-05-16  failed  no file  0.3 s\n"
            "2026-05-17  up to date\n"
            "2026-05-18  interrupted  0.1 s\n"
            "2026-05-19  not run\n");
}

TEST(Progress, TheBarTellsTheSameAndEnds) {
  std::ostringstream err;
  Progress progress(err, ProgressStyle::kBar);
  progress.run_started(2, 2, 0);
  progress.warning("lookback is short");
  progress.day_started("2026-05-15", {{StaleReason::Cause::kConfiguration, {"runtime.chunk"}}});
  progress.stage_started("2026-05-15", "spine");
  progress.stage_finished("2026-05-15", "spine", 1.2);
  progress.day_finished(published("2026-05-15"));
  progress.day_finished({.day = "2026-05-16", .error = "no file"});
  progress.finish();
  const std::string text = err.str();
  EXPECT_NE(text.find("warning: lookback is short\n"), std::string::npos) << text;
  EXPECT_NE(text.find("2026-05-15  published"), std::string::npos) << text;
  EXPECT_NE(text.find("100.00%"), std::string::npos) << text;  // the failed day's stages count too
  EXPECT_EQ(text.find("to compute"), std::string::npos) << text;
  EXPECT_EQ(text.find("\033[3"), std::string::npos) << "a colour in " << text;
}

TEST(Progress, HearsSeveralDaysAtOnce) {
  std::ostringstream err;
  Progress progress(err, ProgressStyle::kLines);
  progress.run_started(4, 50, 0);
  std::vector<std::thread> workers;
  for (const std::string day : {"a", "b", "c", "d"}) {
    workers.emplace_back([day, &progress] {
      for (int i = 0; i < 50; ++i) {
        progress.stage_started(day, "spine");
        progress.stage_finished(day, "spine", 0);
      }
      progress.day_finished(published(day));
    });
  }
  for (std::thread& worker : workers) worker.join();
  const std::string text = err.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4 * 51);
}

}  // namespace
}  // namespace daedalus::cli
