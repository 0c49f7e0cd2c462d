// run_skeleton_stage(): which days, in how many threads, and what became of each.
#include "daedalus/skeleton.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iterator>
#include <ranges>
#include <thread>

#include "base/fault_point.h"
#include "daedalus/clean.h"
#include "run/absent_events.h"
#include "run/day_run.h"
#include "run/keep_types.h"
#include "run/last_run.h"
#include "run/silent_observer.h"
#include "run/sweep_run.h"
#include "run/target_days.h"

namespace daedalus {
namespace {

// Days that share what they read: places [begin, end) in the list of days to do.
struct Sweep {
  std::size_t begin;
  std::size_t end;
};

struct DayToDo {
  Day day;
  std::vector<StaleReason> reasons;
};

DayReport failed(const std::string& day, ErrorKind kind, const std::string& what) {
  DayReport report;
  report.day = day;
  report.error = what;
  report.error_kind = kind;
  return report;
}

// Days whose spines meet share them, a month of days at a time: what is shared takes room on the
// disk, and nothing is published before it is there.
std::vector<Sweep> sweeps_of(const Config& config, const std::vector<DayToDo>& days) {
  constexpr auto kMostDays = std::chrono::days(31);
  std::vector<Sweep> sweeps;
  for (std::size_t i = 0; i < days.size(); ++i) {
    const bool joins_last = !sweeps.empty() && days[i].day - days[i - 1].day <= lookback(config) &&
                            days[i].day - days[sweeps.back().begin].day < kMostDays;
    if (joins_last) {
      sweeps.back().end = i + 1;
    } else {
      sweeps.push_back({i, i + 1});
    }
  }
  return sweeps;
}

// A file of a run's own that can't be read is no input: only the disk can have spoiled it.
ErrorKind kind_of(const Error& error, const Config& config) {
  const std::string own = (config.runtime.output_root / "_work").string();
  const bool names_own = std::string_view(error.what()).find(own) != std::string_view::npos;
  return error.kind() == ErrorKind::kInput && names_own ? ErrorKind::kEnvironment : error.kind();
}

// What went wrong, as the report of `day`; for a catch block.
DayReport failed_by_exception(const std::string& day, const Config& config) {
  try {
    throw;
  } catch (const Error& error) {
    return failed(day, kind_of(error, config), error.what());
  } catch (const std::bad_alloc&) {
    return failed(day, ErrorKind::kEnvironment,
                  "out of memory; lower day_workers or compute.duckdb_config.memory_limit");
  } catch (const std::system_error& error) {
    return failed(day, ErrorKind::kEnvironment, error.what());
  } catch (const std::exception& error) {
    return failed(day, ErrorKind::kBug, error.what());
  }
}

// The days of a run, sweep by sweep. A day's failure never takes another with it, unless
// `fail_fast`.
class DaysRun {
 public:
  // `any_day`: the plan of one of them; null where none could be made.
  DaysRun(const RunContext& context, const Plan* any_day, const std::vector<DayToDo>& days,
          int workers, bool stopped, bool fail_fast)
      : context_(context),
        any_day_(any_day),
        days_(days),
        workers_(workers),
        fail_fast_(fail_fast),
        stopped_(stopped),
        reports_(days.size()) {}

  std::vector<DayReport> run() {
    for (const Sweep& sweep : sweeps_of(context_.catalog.config(), days_)) run_sweep(sweep);
    return std::move(reports_);
  }

 private:
  // When days can't share, it may be the fault of one of them, or too much at once: halves are
  // tried, down to single days.
  void run_sweep(const Sweep& sweep) {
    const auto start = std::chrono::steady_clock::now();
    std::optional<Plan> plan;
    std::optional<SweepRun> shared;
    if (!stopped_) {
      try {
        plan = any_day_ ? *any_day_
                        : make_plan(context_.catalog, context_.sql, days_[sweep.begin].day);
        shared.emplace(context_, *plan, days_[sweep.begin].day, days_[sweep.end - 1].day);
      } catch (...) {
        const DayReport failure = failed_by_exception("", context_.catalog.config());
        if (sweep.end - sweep.begin > 1 && failure.error_kind != ErrorKind::kInterrupted) {
          const std::size_t middle = sweep.begin + (sweep.end - sweep.begin) / 2;
          run_sweep({sweep.begin, middle});
          run_sweep({middle, sweep.end});
          return;
        }
        for (std::size_t i = sweep.begin; i < sweep.end; ++i) {
          context_.observer->day_started(to_string(days_[i].day), days_[i].reasons);
          finish(i, failed(to_string(days_[i].day), *failure.error_kind, failure.error), start);
        }
        return;
      }
    }
    std::atomic<std::size_t> next{sweep.begin};
    const auto work = [&] {
      for (std::size_t i = next++; i < sweep.end; i = next++) {
        if (stopped_) {
          finish(i, {.day = to_string(days_[i].day), .status = DayStatus::kNotRun}, start);
        } else {
          run_day(i, *plan, shared->results());
        }
      }
    };
    const auto days = static_cast<int>(sweep.end - sweep.begin);
    std::vector<std::jthread> threads;
    for (int i = 1; i < std::min(workers_, days); ++i) threads.emplace_back(work);
    work();
  }

  void run_day(std::size_t i, const Plan& any_day, const StageResults& shared) {
    const auto start = std::chrono::steady_clock::now();
    const std::string day = to_string(days_[i].day);
    context_.observer->day_started(day, days_[i].reasons);
    DayReport report;
    try {
      Plan plan = plan_for(any_day, context_.catalog, days_[i].day);
      report = DayRun(context_, std::move(plan), shared, i).run();
    } catch (...) {
      report = failed_by_exception(day, context_.catalog.config());
    }
    finish(i, std::move(report), start);
  }

  void finish(std::size_t i, DayReport report, std::chrono::steady_clock::time_point start) {
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    report.reasons = days_[i].reasons;
    if (report.status != DayStatus::kNotRun) report.seconds = seconds.count();
    if (fail_fast_ && report.status == DayStatus::kFailed) stopped_ = true;
    context_.turnstile.pass(i);
    context_.observer->day_finished(report);
    reports_[i] = std::move(report);
  }

  const RunContext& context_;
  const Plan* any_day_;
  const std::vector<DayToDo>& days_;
  const int workers_;
  const bool fail_fast_;
  std::atomic<bool> stopped_;  // no day begins any more
  std::vector<DayReport> reports_;
};

// The plan of a day, and how many stages a sweep has before it.
struct CheckedPlan {
  Plan plan;
  std::size_t shared_stages;
};

// Of the first day whose files can be read, once it binds. The other days differ in their dates
// alone.
std::optional<CheckedPlan> check_before_running(const RunContext& context,
                                                const std::vector<DayToDo>& days) {
  for (const auto& [day, reasons] : days) {
    try {
      CheckedPlan checked{make_plan(context.catalog, context.sql, day), 0};
      const SweepPlan sweep = make_sweep_plan(context.catalog, context.sql, checked.plan, day, day);
      bind_plan(sweep, checked.plan, context.catalog.config().runtime.duckdb_config);
      checked.shared_stages = sweep.stages.size();
      return checked;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
    }
  }
  return std::nullopt;
}

// The warnings that hold for every day of a run, whatever its rows are.
std::vector<Warning> standing_warnings(const Catalog& catalog, const std::vector<DayToDo>& days) {
  const Config& config = catalog.config();
  std::vector<Warning> warnings = unused_aggregations(config);
  std::ranges::move(absent_passthrough(catalog), std::back_inserter(warnings));
  if (config.runtime.policy_of("unknown-event") == WarningPolicy::kIgnore) return warnings;
  std::set<std::string> events = events_of_steps(config, catalog.session().has_value());
  for (const Sweep& sweep : std::views::reverse(sweeps_of(config, days))) {
    events = absent_events(catalog, std::move(events),
                           partitions_for(catalog, days[sweep.begin].day, days[sweep.end - 1].day));
  }
  std::ranges::move(unknown_events(events), std::back_inserter(warnings));
  return warnings;
}

// Without it `daeda status` and `daeda retry` don't know of this run; nothing else is the worse.
void keep_last_run(const Config& config, const SkeletonOptions& options, Observer& observer,
                   const std::vector<DayReport>& days) {
  try {
    write_last_run(config, options, days);
  } catch (const std::exception& error) {
    observer.warning(
        fmt::format("`daeda status` and `daeda retry` won't know of this run: {}", error.what()));
  }
}

}  // namespace

Report run_skeleton_stage(const Config& config, const SkeletonOptions& options) {
  SilentObserver silent;
  Observer& observer = options.observer != nullptr ? *options.observer : silent;
  const Catalog catalog(config, MissingSources::kRefuse);
  const SqlLibrary sql(config.feed.keys, options.sql_dir);
  TargetDays target = find_target_days(catalog, options);
  const Recipe recipe = recipe_of(catalog, sql);
  static_cast<void>(remove_leftovers(config.runtime.output_root));
  fault_point("run.cleaned");

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
  if (!todo.empty()) {
    const int workers = options.day_workers.value_or(config.runtime.day_workers);
    Turnstile turnstile(todo.size());
    WarningLog warnings(config.runtime, observer, [&](const std::string& name) {
      return some_day_warns(config.runtime.output_root, recipe, name);
    });
    RunContext context{catalog, sql, recipe, options.engine, &observer, turnstile, warnings, {}};
    // What only the data's columns can show is told before any day runs.
    const std::optional<CheckedPlan> checked = check_before_running(context, todo);
    keep_text_memory(catalog.memory(), config.runtime.output_root);
    // For the case that this process is killed.
    std::vector<DayReport> days = report.days;
    for (const DayToDo& each : todo)
      days.push_back({.day = to_string(each.day), .status = DayStatus::kNotRun});
    keep_last_run(config, options, observer, days);
    context.standing_warnings = standing_warnings(catalog, todo);
    observer.run_started(todo.size(), checked ? stage_count(checked->plan) : 1,
                         checked ? sweeps_of(config, todo).size() * checked->shared_stages : 0);
    DaysRun run(context, checked ? &checked->plan : nullptr, todo, workers,
                options.fail_fast && has_failed_file, options.fail_fast);
    std::ranges::move(run.run(), std::back_inserter(report.days));
    report.warnings = warnings.all();
  }
  std::ranges::stable_sort(report.days, {}, &DayReport::day);
  keep_last_run(config, options, observer, report.days);
  for (const DayReport& day : report.days) {
    if (day.error_kind == ErrorKind::kInterrupted)
      throw Error(ErrorKind::kInterrupted, "interrupted; what was published stays");
  }
  return report;
}

void interrupt() { Engine::interrupt_all(); }

void resume() { Engine::resume_all(); }

}  // namespace daedalus
