// run_skeleton_stage(): which days, in how many threads, and what became of each.
#include "daedalus/skeleton.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "run/day_run.h"
#include "run/last_run.h"
#include "run/target_days.h"

namespace daedalus {
namespace {

class SilentObserver final : public Observer {
 public:
  void run_started(std::size_t, std::size_t) override {}
  void day_started(const std::string&, const std::vector<StaleReason>&) override {}
  void stage_started(const std::string&, const std::string&) override {}
  void stage_finished(const std::string&, const std::string&, double) override {}
  void day_finished(const DayReport&) override {}
  void warning(const std::string&) override {}
};

struct DayToDo {
  Day day;
  std::vector<StaleReason> reasons;
};

// Says so when windows are shorter than asked for, because the feed has no partitions before
// feed_start.
std::optional<std::string> lookback_warning(const Catalog& catalog,
                                            const std::vector<DayToDo>& days) {
  const Config& config = catalog.config();
  const Micros start = day_start(first_day(config.runtime.feed_start));
  if (days.empty()) return {};
  Micros missing = spine_of(config, days.front().day).begin;
  for (const FeedPartition& partition : catalog.partitions()) {
    if (partition.interval.begin <= missing) missing = std::max(missing, partition.interval.end);
  }
  if (missing >= start) return {};
  return fmt::format(
      "the feed has no partition for {}, which the lookback of {} reads: windows are shorter there",
      to_string(day_of(missing)), to_string(days.front().day));
}

DayReport failed(const std::string& day, ErrorKind kind, const std::string& what) {
  DayReport report;
  report.day = day;
  report.error = what;
  report.error_kind = kind;
  return report;
}

// Runs one day and turns whatever goes wrong into its report: a day's failure never takes another
// with it.
DayReport run_day(const RunContext& context, const DayToDo& todo, std::size_t index) {
  const auto start = std::chrono::steady_clock::now();
  const Day day = todo.day;
  DayReport report;
  context.observer->day_started(to_string(day), todo.reasons);
  try {
    report = DayRun(context, make_plan(context.catalog, context.sql, day), index).run();
  } catch (const Error& error) {
    report = failed(to_string(day), error.kind(), error.what());
  } catch (const std::bad_alloc&) {
    report = failed(to_string(day), ErrorKind::kEnvironment,
                    "out of memory; lower day_workers or compute.duckdb_config.memory_limit");
  } catch (const std::filesystem::filesystem_error& error) {
    report = failed(to_string(day), ErrorKind::kEnvironment, error.what());
  } catch (const std::exception& error) {
    report = failed(to_string(day), ErrorKind::kBug, error.what());
  }
  report.reasons = todo.reasons;
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  context.turnstile.pass(index);
  context.observer->day_finished(report);
  return report;
}

// The report of a day that `fail_fast` kept from beginning.
DayReport skip_day(const RunContext& context, const DayToDo& todo, std::size_t index) {
  const DayReport report{
      .day = to_string(todo.day), .status = DayStatus::kNotRun, .reasons = todo.reasons};
  context.turnstile.pass(index);
  context.observer->day_finished(report);
  return report;
}

// With `fail_fast` no day begins once one has failed, or when `some_failed` before.
std::vector<DayReport> run_days(const RunContext& context, const std::vector<DayToDo>& days,
                                int workers, bool fail_fast, bool some_failed) {
  std::vector<DayReport> reports(days.size());
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stopped{fail_fast && some_failed};
  const auto work = [&] {
    for (std::size_t i = next++; i < days.size(); i = next++) {
      reports[i] = stopped ? skip_day(context, days[i], i) : run_day(context, days[i], i);
      if (fail_fast && reports[i].status == DayStatus::kFailed) stopped = true;
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 1; i < std::min<int>(workers, static_cast<int>(days.size())); ++i)
    threads.emplace_back(work);
  work();
  threads.clear();
  return reports;
}

// Binds the plan of the first day whose files can be read, and returns how many stages it has. The
// other days differ in their dates alone.
std::size_t check_before_running(const Catalog& catalog, const SqlLibrary& sql,
                                 const std::vector<DayToDo>& days) {
  for (const auto& [day, reasons] : days) {
    try {
      const Plan plan = make_plan(catalog, sql, day);
      bind_plan(plan, catalog.config().runtime.duckdb_config);
      return stage_count(plan);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
    }
  }
  return 1;
}

// Without it `daeda status` and `daeda retry` don't know of this run; nothing else is the worse.
void keep_last_run(const Config& config, const SkeletonOptions& options, Observer& observer,
                   const std::vector<DayReport>& days) {
  try {
    write_last_run(config, options, days);
  } catch (const Error& error) {
    observer.warning(
        fmt::format("`daeda status` and `daeda retry` won't know of this run: {}", error.what()));
  }
}

}  // namespace

Report run_skeleton_stage(const Config& config, const SkeletonOptions& options) {
  SilentObserver silent;
  Observer& observer = options.observer != nullptr ? *options.observer : silent;
  const Catalog catalog(config, MissingSources::kRefuse);
  const SqlLibrary sql(options.sql_dir);
  TargetDays target = find_target_days(catalog, options);
  const Recipe recipe = recipe_of(catalog, sql);
  remove_stale_work_directories(config.runtime.output_root);

  Report report;
  const bool has_failed_file = !target.unlisted.empty();
  report.days = std::move(target.unlisted);
  std::vector<DayToDo> todo;
  for (const Day day : target.days) {
    PublishedDay published =
        look_at_published(config.runtime.output_root, day, recipe, input_files(catalog, day));
    if (published.reasons.empty() && options.force)
      published.reasons.push_back({StaleReason::Cause::kForced, {}});
    if (published.reasons.empty()) {
      report.days.push_back(std::move(published.report));
    } else {
      todo.push_back({day, std::move(published.reasons)});
    }
  }
  if (const auto warning = lookback_warning(catalog, todo)) {
    report.warnings.push_back(*warning);
    observer.warning(*warning);
  }
  if (!todo.empty()) {
    const int workers = options.day_workers.value_or(config.runtime.day_workers);
    Turnstile turnstile(todo.size());
    const RunContext context{catalog, sql, recipe, options.engine, &observer, turnstile};
    // What only the data's columns can show is told before any day runs.
    const std::size_t stages = check_before_running(catalog, sql, todo);
    // For the case that this process is killed.
    std::vector<DayReport> days = report.days;
    for (const DayToDo& each : todo)
      days.push_back({.day = to_string(each.day), .status = DayStatus::kNotRun});
    keep_last_run(config, options, observer, days);
    observer.run_started(todo.size(), stages);
    std::ranges::move(run_days(context, todo, workers, options.fail_fast, has_failed_file),
                      std::back_inserter(report.days));
  }
  std::ranges::stable_sort(report.days, {}, &DayReport::day);
  keep_last_run(config, options, observer, report.days);
  for (const DayReport& day : report.days) {
    if (day.error_kind == ErrorKind::kInterrupted)
      throw Error(ErrorKind::kInterrupted, "interrupted; what was published stays");
  }
  return report;
}

std::vector<BoundRelation> check_skeleton_stage(const Config& config,
                                                const std::filesystem::path& sql_dir,
                                                std::vector<std::string>* assumptions) {
  const Catalog catalog(config, MissingSources::kAssume);
  if (assumptions != nullptr) *assumptions = catalog.assumptions();
  // Throws for a file of another shape, though the day that is planned may not read it.
  static_cast<void>(catalog.feed().select_all());
  const SqlLibrary sql(sql_dir);
  return bind_plan(make_plan(catalog, sql, first_day(config.runtime.feed_start)),
                   config.runtime.duckdb_config);
}

void interrupt() { Engine::interrupt_all(); }

void resume() { Engine::resume_all(); }

}  // namespace daedalus
