// run_skeleton_stage(), its report as tuples, and an observer that calls Python.
#include "daedalus/skeleton.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "native/bindings.h"
#include "native/day.h"
#include "native/interruptible.h"

namespace daedalus::binding {
namespace {

nb::dict to_dict(const DayReport& day) {
  nb::list steps;
  for (const StepAccount& step : day.row_accounting) {
    nb::dict dropped;
    for (const auto& [reason, rows] : step.dropped) dropped[reason.c_str()] = rows;
    steps.append(nb::make_tuple(step.step, step.rows_in, dropped, step.rows_out));
  }
  nb::dict dict;
  dict["day"] = day.day;
  dict["status"] = to_string(day.status).data();
  dict["reasons"] = to_string(day.reasons);
  dict["row_accounting"] = steps;
  dict["rows_out"] = day.rows_out;
  dict["bytes"] = day.bytes;
  dict["seconds"] = day.seconds;
  dict["error"] = day.error;
  dict["error_code"] = day.error_kind ? nb::cast(exit_code(*day.error_kind)) : nb::none();
  return dict;
}

nb::list to_list(const std::vector<Warning>& warnings) {
  nb::list list;
  for (const Warning& warning : warnings)
    list.append(
        nb::make_tuple(warning.name, warning.subject, warning.text, nb::cast(warning.days)));
  return list;
}

// Tells a Python callable of each step of a run. What it raises stops the run.
class PythonObserver final : public Observer {
 public:
  PythonObserver(nb::object progress, StopCause& cause)
      : progress_(std::move(progress)), cause_(cause) {}

  void run_started(std::size_t days, std::size_t stages_per_day,
                   std::size_t shared_stages) override {
    tell("run_started", [&](nb::dict& event) {
      event["days"] = days;
      event["stages_per_day"] = stages_per_day;
      event["shared_stages"] = shared_stages;
    });
  }
  void day_started(const std::string& day, const std::vector<StaleReason>& reasons) override {
    tell("day_started", [&](nb::dict& event) {
      event["day"] = day;
      event["reasons"] = to_string(reasons);
    });
  }
  void stage_started(const std::string& day, const std::string& stage) override {
    tell("stage_started", [&](nb::dict& event) {
      event["day"] = day;
      event["stage"] = stage;
    });
  }
  void stage_finished(const std::string& day, const std::string& stage, double seconds) override {
    tell("stage_finished", [&](nb::dict& event) {
      event["day"] = day;
      event["stage"] = stage;
      event["seconds"] = seconds;
    });
  }
  void day_finished(const DayReport& day) override {
    tell("day_finished", [&](nb::dict& event) {
      event["day"] = day.day;
      event["status"] = to_string(day.status).data();
      event["seconds"] = day.seconds;
    });
  }
  void warning(const std::string& text) override {
    tell("warning", [&](nb::dict& event) { event["text"] = text; });
  }

 private:
  template <typename Fill>
  void tell(const char* kind, Fill fill) {
    const nb::gil_scoped_acquire with_gil;
    if (progress_.is_none() || cause_.cause() != nullptr) return;
    try {
      nb::dict event;
      fill(event);
      progress_(kind, event);
    } catch (nb::python_error& error) {
      error.restore();
      cause_.stop();
    }
  }

  nb::object progress_;
  StopCause& cause_;
};

nb::object run(const Config& config, const std::optional<std::vector<std::string>>& target_dates,
               std::optional<int> day_workers, bool force, bool fail_fast, nb::object progress) {
  SkeletonOptions options;
  std::vector<Day> days;
  if (target_dates) {
    for (const std::string& text : *target_dates) days.push_back(day_named("target_dates", text));
    std::ranges::sort(days);
    options.from = days.front();
    options.to = days.back();
    options.wants = [&](Day day) { return std::ranges::binary_search(days, day); };
    if (days.front() == days.back()) options.target_date = days.front();
  }
  options.day_workers = day_workers;
  options.force = force;
  options.fail_fast = fail_fast;
  StopCause cause;
  PythonObserver observer(std::move(progress), cause);
  options.observer = &observer;
  const Report report =
      run_interruptible([&] { return run_skeleton_stage(config, options); }, cause);
  nb::list reports;
  for (const DayReport& day : report.days) reports.append(to_dict(day));
  return nb::make_tuple(reports, to_list(report.warnings), report.exit_code());
}

}  // namespace

void bind_skeleton(nb::module_& module) {
  module.def("run_skeleton_stage", &run, nb::arg("config"), nb::arg("target_dates").none(),
             nb::arg("day_workers").none(), nb::arg("force"), nb::arg("fail_fast"),
             nb::arg("progress").none());
}

}  // namespace daedalus::binding
