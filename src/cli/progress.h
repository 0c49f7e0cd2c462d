// The progress of a run, for the person or the log that reads stderr.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <ostream>
#include <set>
#include <string>

#include "daedalus/skeleton.h"

namespace daedalus::cli {

enum class ProgressStyle {
  kLines,      ///< A line per finished stage and day.
  kBar,        ///< One line that is redrawn: a bar, the day, its stage and the time left.
  kColoredBar  ///< The same in colours.
};

/// A bar when `err` is this process's stderr on a terminal that can redraw; in colours unless
/// NO_COLOR is set.
ProgressStyle progress_style(const std::ostream& err);

/// Prints what it hears. A bar ends with the object, or with finish().
class Progress : public Observer {
 public:
  Progress(std::ostream& err, ProgressStyle style);
  ~Progress() override;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void run_started(std::size_t days, std::size_t stages_per_day,
                   std::size_t shared_stages) override;
  void day_started(const std::string& day, const std::vector<StaleReason>& reasons) override;
  void stage_started(const std::string& day, const std::string& stage) override;
  void stage_finished(const std::string& day, const std::string& stage, double seconds) override;
  void day_finished(const DayReport& day) override;
  void warning(const std::string& text) override;  ///< Each text is printed once.

  /// Ends the bar; what comes after is printed as lines.
  void finish();

 private:
  class Bar;

  void print(const std::string& line);
  std::string take_lines();
  std::string status();

  std::ostream& err_;
  const ProgressStyle style_;
  std::mutex mutex_;  // guards all that follows but stages_done_
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::atomic<std::size_t> stages_done_ = 0;
  std::size_t stages_per_day_ = 0;
  std::size_t stages_ = 0;
  std::map<std::string, std::size_t> done_of_day_;
  std::map<std::string, std::string> running_;  // day to stage
  std::set<std::string> warnings_;
  std::string lines_above_bar_;
  std::unique_ptr<Bar> bar_;
};

}  // namespace daedalus::cli
