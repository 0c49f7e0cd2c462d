#include "run/sweep_run.h"

namespace daedalus {
namespace {

std::string name_of(Day first, Day last) {
  const std::string name = "sweep " + to_string(first);
  return first == last ? name : name + " to " + to_string(last);
}

}  // namespace

SweepRun::SweepRun(const RunContext& context, const Plan& any_day, Day first, Day last)
    : work_(context.catalog.config().runtime.output_root, "sweep-" + to_string(first)) {
  const SweepPlan plan = make_sweep_plan(context.catalog, context.sql, any_day, first, last);
  const EngineSettings settings = share_instance(engine_settings(context.catalog.config()));
  for (const Stage& stage : plan.stages) {
    observed(*context.observer, name_of(first, last), stage.name,
             [&] { run_stage(plan, stage, {}, settings, work_.path(), results_); });
  }
}

}  // namespace daedalus
