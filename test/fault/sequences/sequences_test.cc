// Random sequences of what people and machines do to an output: runs, kills, failures, changes of
// the configuration and of inputs, losses. After each, what is published is compared with what must
// be. RapidCheck draws and shortens them.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <ostream>

#include "output.h"
#include "scene.h"
#include "world.h"

namespace daedalus {
namespace {

constexpr int kLongest = 20;  // steps of a sequence

Days any_days() {
  const Days ends = *rc::gen::container<Days>(2, rc::gen::elementOf(kAllDays));
  const auto [first, last] = std::ranges::minmax(ends);
  return {kAllDays.begin() + first, kAllDays.begin() + last + 1};
}

int any_day() { return *rc::gen::elementOf(kAllDays); }

Days without(const Days& days, const Days& others) {
  Days rest;
  std::ranges::set_difference(days, others, std::back_inserter(rest));
  return rest;
}

Days united(const Days& days, const Days& others) {
  Days all;
  std::ranges::set_union(days, others, std::back_inserter(all));
  return all;
}

std::string text_of(const Days& days, bool force = false, int workers = 1) {
  return fmt::format("{}..{}{}{}", kDays.at(days.front()), kDays.at(days.back()),
                     force ? " --force" : "",
                     workers > 1 ? fmt::format(" --day-workers {}", workers) : "");
}

class Step : public rc::state::Command<Scene, Output> {
 public:
  void run(const Scene& before, Output& output) const final {
    act(before, output);
    output.check(nextState(before));
  }
  void show(std::ostream& stream) const final { stream << text(); }

  virtual void act(const Scene& scene, Output& output) const = 0;
  [[nodiscard]] virtual std::string text() const = 0;
};

class Run : public Step {
 public:
  explicit Run(Days days) : days_(std::move(days)), force_(false), workers_(1) {}
  Run()
      : days_(any_days()), force_(*rc::gen::arbitrary<bool>()), workers_(*rc::gen::inRange(1, 3)) {}

  void act(const Scene& scene, Output& output) const override {
    const Days todo = output.due(scene, days_, force_);
    const auto start = std::chrono::steady_clock::now();
    output.world.run(train(days_, force_, workers_));
    if (todo == kAllDays) output.world.three_days = std::chrono::steady_clock::now() - start;
    output.settle(scene, {.days = todo, .must = todo});
    output.last_failures.emplace();
    for (const int day : days_) output.may_be_failed.erase(day);
  }
  [[nodiscard]] std::string text() const override {
    return "run " + text_of(days_, force_, workers_);
  }

 private:
  Days days_;
  bool force_;
  int workers_;
};

class Kill : public Step {
 public:
  void act(const Scene& scene, Output& output) const override {
    World& world = output.world;
    Process process = world.start(train(days_, true, workers_));
    process.kill_after(world.three_days * static_cast<double>(days_.size()) / 3 * percent_ / 100);
    const int ended = process.exit_code();
    expect(ended == 0 || ended == kKilled, fmt::format("a killed run ends with {}", ended));
    world.kills += ended == kKilled ? 1 : 0;
    output.settle(
        scene,
        {.days = days_, .must = ended == 0 ? days_ : Days{}, .may_leave_rest = ended == kKilled});
    output.last_failures.reset();
  }
  [[nodiscard]] std::string text() const override {
    return fmt::format("run {}, killed after {}% of its time", text_of(days_, true, workers_),
                       percent_);
  }

 private:
  Days days_ = any_days();
  int workers_ = *rc::gen::inRange(1, 3);
  int percent_ = *rc::gen::inRange(0, 101);
};

struct Failure {
  std::string kind;
  std::set<int> exit_codes;  // 0: the point was not passed
  bool of_one_day;           // and no other
};

const std::vector<Failure> kFailures{
    {"error", {0, 1, 70}, true},    {"enospc", {0, 1, 5}, true},  {"eio", {0, 1, 5}, true},
    {"bad_alloc", {0, 1, 5}, true}, {"sigterm", {0, 130}, false}, {"sigkill", {0, kKilled}, false}};

// Of a day, each at another step of the protocol.
const std::vector<std::string> kPoints{"stage.feed_day",   "qid_map.locked",   "qid_map.written",
                                       "qid_map.replaced", "publish.manifest", "publish.staged",
                                       "publish.exchanged"};

class Fail : public Step {
 public:
  void act(const Scene& scene, Output& output) const override {
    const Days todo = output.due(scene, days_, force_);
    std::vector<std::string> arguments = train(days_, force_, workers_);
    if (fail_fast_) arguments.emplace_back("--fail-fast");
    Process process = output.world.start(arguments, fault());
    const int ended = process.exit_code();
    expect(failure_.exit_codes.contains(ended) && (!todo.empty() || ended == 0),
           fmt::format("a run that was to fail ends with {}\n{}", ended, process.errors()));
    const Days made = output.settle(
        scene,
        {.days = todo, .must = ended == 0 ? todo : Days{}, .may_leave_rest = ended == kKilled});
    const Days missing = without(todo, made);
    if (failure_.of_one_day && !fail_fast_)
      expect(missing.size() <= 1, "a day's failure takes another with it");
    // After the exchange a day stands though it has failed; others may not have begun.
    const bool is_known = failure_.of_one_day && !fail_fast_ && point_ != "publish.exchanged";
    output.last_failures.reset();
    if (is_known) output.last_failures = {missing, force_};
    output.may_be_failed.insert(todo.begin(), todo.end());
    output.world.failures += ended == 0 ? 0 : 1;
  }
  [[nodiscard]] std::string text() const override {
    return fmt::format("run {}{} with {}", text_of(days_, force_, workers_),
                       fail_fast_ ? " --fail-fast" : "", fault());
  }

 private:
  [[nodiscard]] std::string fault() const {
    return fmt::format("{}:{}:{}", point_, pass_, failure_.kind);
  }

  Days days_ = any_days();
  bool force_ = *rc::gen::weightedElement<bool>({{3, true}, {1, false}});
  int workers_ = *rc::gen::inRange(1, 3);
  bool fail_fast_ = *rc::gen::arbitrary<bool>();
  std::string point_ = *rc::gen::elementOf(kPoints);
  int pass_ = *rc::gen::weightedElement<int>({{3, 1}, {1, 2}});
  Failure failure_ = *rc::gen::elementOf(kFailures);
};

class TwoAtOnce : public Step {
 public:
  void act(const Scene& scene, Output& output) const override {
    World& world = output.world;
    Process first = world.start(train(one_, force_));
    Process second = world.start(train(other_, force_));
    if (killed_) second.kill_after(world.three_days * percent_ / 100);
    const int ended = second.exit_code();
    expect(first.exit_code() == 0, "the first of two runs fails\n" + first.errors());
    expect(ended == 0 || (killed_ && ended == kKilled),
           fmt::format("the second of two runs ends with {}\n{}", ended, second.errors()));
    world.kills += ended == kKilled ? 1 : 0;
    const Days both = united(one_, other_);
    output.settle(scene, {.days = output.due(scene, both, force_),
                          .must = output.due(scene, ended == 0 ? both : one_, force_),
                          .in_order = false,
                          .may_leave_rest = ended == kKilled});
    output.last_failures.reset();
  }
  [[nodiscard]] std::string text() const override {
    return fmt::format("run {} and at once {}{}", text_of(one_, force_), text_of(other_, force_),
                       killed_ ? fmt::format(", killed after {}% of its time", percent_) : "");
  }

 private:
  Days one_ = any_days();
  Days other_ = any_days();
  bool force_ = *rc::gen::arbitrary<bool>();
  bool killed_ = *rc::gen::arbitrary<bool>();
  int percent_ = killed_ ? *rc::gen::inRange(0, 101) : 0;
};

class Retry : public Step {
 public:
  void act(const Scene& scene, Output& output) const override {
    if (!std::filesystem::exists(output.world.root() / "_last_run.json")) {
      output.world.run({"retry"}, 2);
      return;
    }
    output.world.run({"retry"});
    // Where nothing had failed nothing is done, and nothing removed.
    const Failures failures = output.last_failures.value_or(Failures{});
    const Days must = output.due(scene, failures.days, failures.of_forced);
    output.settle(scene, {.days = output.last_failures ? must : kAllDays,
                          .must = must,
                          .may_leave_rest = output.may_have_rest});
    output.last_failures.emplace();
    for (const int day : must) output.may_be_failed.erase(day);
  }
  [[nodiscard]] std::string text() const override { return "retry"; }
};

class Clean : public Step {
 public:
  void act(const Scene&, Output& output) const override {
    output.world.run({"clean"});
    output.may_have_rest = false;
  }
  [[nodiscard]] std::string text() const override { return "clean"; }
};

class Lose : public Step {
 public:
  void act(const Scene&, Output& output) const override {
    whole_ ? output.lose_day(day_) : output.lose_part(day_);
  }
  [[nodiscard]] std::string text() const override {
    return fmt::format("remove {}{}", whole_ ? "" : "a part of ", kDays.at(day_));
  }

 private:
  int day_ = any_day();
  bool whole_ = *rc::gen::arbitrary<bool>();
};

// What `apply()` changes of the scene.
class Change : public Step {
 public:
  void act(const Scene& scene, Output& output) const final {
    output.world.change(nextState(scene));
  }
};

class ChangeConfiguration : public Change {
 public:
  void apply(Scene& scene) const override {
    scene.hidden = hidden_;
    scene.memory_limit = memory_limit_;
  }
  [[nodiscard]] std::string text() const override {
    return fmt::format("hide {}, memory_limit {}", hidden_, memory_limit_);
  }

 private:
  std::string hidden_ = *rc::gen::element<std::string>("ben", "eve");
  std::string memory_limit_ = *rc::gen::element<std::string>("500MB", "600MB");
};

class ChangeFeed : public Change {
 public:
  void apply(Scene& scene) const override { scene.feed.at(day_) = file_; }
  [[nodiscard]] std::string text() const override {
    return fmt::format("content {}, time {} of the feed of {}", file_.content, file_.time,
                       kDays.at(day_));
  }

 private:
  int day_ = any_day();
  SourceFile file_{*rc::gen::inRange(0, 2), *rc::gen::inRange(0, 2)};
};

class ChangeView : public Change {
 public:
  void apply(Scene& scene) const override { scene.artworks = file_; }
  [[nodiscard]] std::string text() const override {
    return fmt::format("content {}, time {} of the view", file_.content, file_.time);
  }

 private:
  SourceFile file_{*rc::gen::inRange(0, 2), *rc::gen::inRange(0, 2)};
};

World& world() {
  static World world;
  return world;
}

RC_GTEST_PROP(Sequences, LeaveWhatMustBePublished, ()) {
  const auto any_step =
      rc::state::gen::execOneOfWithArgs<Run, Run, Kill, Kill, Fail, Fail, Fail, TwoAtOnce,
                                        TwoAtOnce, Retry, Clean, Lose, ChangeConfiguration,
                                        ChangeFeed, ChangeView>();
  const auto steps = *rc::gen::resize(kLongest, rc::state::gen::commands(Scene(), any_step));
  Scene scene;
  world().begin(scene);
  Output output(world());
  rc::state::runAll(steps, scene, output);
  rc::state::applyAll(steps, scene);
  Run(kAllDays).run(scene, output);
}

// Says how much it was, before GoogleTest has the last word.
class Summary : public testing::Environment {
  void TearDown() override {
    fmt::print("{} steps, {} kills, {} failures\n", world().steps, world().kills, world().failures);
  }
};

}  // namespace
}  // namespace daedalus

// DAEDALUS_SEQUENCES says how many sequences; RapidCheck's own variable RC_PARAMS goes before it.
int main(int argc, char** argv) {
  const char* count = std::getenv("DAEDALUS_SEQUENCES");
  const char* more = std::getenv("RC_PARAMS");
  const std::string parameters =
      fmt::format("verbose_shrinking=1 max_success={} {}", count != nullptr ? count : "25",
                  more != nullptr ? more : "");
  ::setenv("RC_PARAMS", parameters.c_str(), 1);
  testing::InitGoogleTest(&argc, argv);
  testing::AddGlobalTestEnvironment(new daedalus::Summary);
  return RUN_ALL_TESTS();
}
