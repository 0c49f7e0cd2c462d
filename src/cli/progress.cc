#include "cli/progress.h"

#include <barkeep/barkeep.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <iostream>
#include <utility>

#include "cli/table.h"

namespace daedalus::cli {
namespace {

// A text that is asked for whenever the line is redrawn.
class LiveText : public barkeep::AnimationDisplay {
 public:
  LiveText(std::ostream& out, std::function<std::string()> text)
      : AnimationDisplay({.out = &out, .interval = 0.1, .show = false}), text_(std::move(text)) {}

 protected:
  // NOLINTNEXTLINE(google-runtime-int): barkeep declares it so
  long render_(bool /*redraw*/, const std::string& end) override {
    out() << text_() << end;
    return 0;
  }

 private:
  std::function<std::string()> text_;
};

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

// Columns of the terminal behind stderr; 80 when it won't say.
std::size_t terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// Below this the bar and a status don't fit on one line, and a line that wraps can't be redrawn.
constexpr std::size_t kLeastColumns = 60;

}  // namespace

ProgressStyle progress_style(const std::ostream& err) {
  const char* terminal = std::getenv("TERM");
  const bool can_redraw = terminal != nullptr && std::string_view(terminal) != "dumb";
  if (&err != &std::cerr || isatty(STDERR_FILENO) == 0 || !can_redraw ||
      terminal_columns() < kLeastColumns) {
    return ProgressStyle::kLines;
  }
  return is_set("NO_COLOR") ? ProgressStyle::kBar : ProgressStyle::kColoredBar;
}

// The lines that are due above the bar (they scroll away with their newlines), the bar, the status.
class Progress::Bar {
 public:
  Bar(Progress& progress, std::ostream& err, std::size_t total, bool colored)
      : lines_(std::make_shared<LiveText>(err, [&progress] { return progress.take_lines(); })),
        bar_(barkeep::ProgressBar(&progress.stages_done_,
                                  {.out = &err,
                                   .total = total,
                                   .style = colored ? barkeep::Rich : barkeep::Line,
                                   .interval = 0.1,
                                   .show = false})),
        status_(std::make_shared<LiveText>(err, [&progress] { return progress.status(); })),
        all_(barkeep::Composite({lines_, bar_, status_}, "")) {
    all_->show();
  }

 private:
  std::shared_ptr<LiveText> lines_;
  std::shared_ptr<barkeep::ProgressBarDisplay<std::atomic<std::size_t>>> bar_;
  std::shared_ptr<LiveText> status_;
  std::shared_ptr<barkeep::CompositeDisplay> all_;
};

Progress::Progress(std::ostream& err, ProgressStyle style) : err_(err), style_(style) {}

Progress::~Progress() { finish(); }

void Progress::run_started(std::size_t days, std::size_t stages_per_day,
                           std::size_t shared_stages) {
  const std::lock_guard lock(mutex_);
  start_ = std::chrono::steady_clock::now();
  stages_per_day_ = stages_per_day;
  stages_ = days * stages_per_day + shared_stages;
  if (style_ == ProgressStyle::kLines || stages_ == 0 || bar_) return;
  bar_ = std::make_unique<Bar>(*this, err_, stages_, style_ == ProgressStyle::kColoredBar);
}

void Progress::day_started(const std::string& day, const std::vector<StaleReason>& reasons) {
  const std::lock_guard lock(mutex_);
  // Above a bar it would scroll the screen away; the table at the end says it too.
  if (!bar_) print(fmt::format("{}  to compute: {}", day, to_string(reasons)));
}

void Progress::stage_started(const std::string& day, const std::string& stage) {
  const std::lock_guard lock(mutex_);
  running_[day] = stage;
}

void Progress::stage_finished(const std::string& day, const std::string& stage, double seconds) {
  const std::lock_guard lock(mutex_);
  running_.erase(day);
  // Days that failed together may share stages once more, in smaller sweeps.
  if (stages_done_ < stages_) ++stages_done_;
  ++done_of_day_[day];
  if (!bar_) print(fmt::format("{}  {}  {}", day, stage, format_seconds(seconds)));
}

void Progress::day_finished(const DayReport& day) {
  const std::lock_guard lock(mutex_);
  running_.erase(day.day);
  std::string line = day.day + "  ";
  const bool is_interrupted = day.error_kind == ErrorKind::kInterrupted;
  line += is_interrupted ? "interrupted" : to_string(day.status);
  if (day.status == DayStatus::kFailed && !is_interrupted) {
    line += "  " + day.error.substr(0, day.error.find('\n'));
  }
  if (day.status == DayStatus::kPublished) {
    line += fmt::format("  {} rows  {}", format_count(day.rows_out), format_bytes(day.bytes));
  }
  if (day.status != DayStatus::kUpToDate) {
    // The stages that the day never reached are over as well.
    const std::size_t done = done_of_day_[day.day];
    if (done < stages_per_day_) stages_done_ += stages_per_day_ - done;
    done_of_day_[day.day] = stages_per_day_;
    if (day.status != DayStatus::kNotRun) line += "  " + format_seconds(day.seconds);
  }
  print(line);
}

void Progress::warning(const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (warnings_.insert(text).second) print("warning: " + text);
}

void Progress::finish() {
  std::unique_ptr<Bar> bar;
  {
    const std::lock_guard lock(mutex_);
    bar = std::move(bar_);
  }
  bar.reset();  // without the lock: its thread draws once more
  err_ << take_lines() << std::flush;
}

// With mutex_ held.
void Progress::print(const std::string& line) {
  if (bar_) {
    lines_above_bar_ += line + '\n';
  } else {
    err_ << line << '\n' << std::flush;
  }
}

std::string Progress::take_lines() {
  const std::lock_guard lock(mutex_);
  return std::exchange(lines_above_bar_, {});
}

std::string Progress::status() {
  const std::lock_guard lock(mutex_);
  std::string text;
  const std::size_t done = stages_done_;
  if (done > 0 && done < stages_) {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
    const double stage_seconds = elapsed.count() / static_cast<double>(done);
    text += "  ETA " + format_seconds(stage_seconds * static_cast<double>(stages_ - done));
  }
  if (!running_.empty()) {
    const auto& [day, stage] = *running_.begin();
    text += fmt::format("  {} {}", day, stage);
    if (running_.size() > 1) text += fmt::format(" (+{})", running_.size() - 1);
  }
  // Beside the counts the bar's own text takes 42 columns.
  const std::size_t bar_columns = 42 + 2 * std::to_string(stages_).size();
  const std::size_t columns = terminal_columns();
  return text.substr(0, columns > bar_columns ? columns - bar_columns : 0);
}

}  // namespace daedalus::cli
