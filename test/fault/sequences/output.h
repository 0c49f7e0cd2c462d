// What must be published, and what is.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "scene.h"
#include "world.h"

namespace daedalus {

/// What runs that have ended, or were ended, may have done.
struct Attempt {
  Days days;                    ///< Which days they may have computed.
  Days must;                    ///< Which of them they have computed.
  bool in_order = true;         ///< Sessions are numbered in the order of days.
  bool may_leave_rest = false;  ///< In `_work`, and of the map.
};

/// Which days failed in a run.
struct Failures {
  Days days;
  bool of_forced = false;  ///< It had `--force`, and so has the run that repeats it.
};

class Output {
 public:
  explicit Output(World& within) : world(within) {}

  /// Those of `days` that a run has to compute: what is missing or stale, or forced.
  [[nodiscard]] Days due(const Scene& scene, const Days& days, bool force = false) const;

  /// Takes note of which days were computed, and how sessions were numbered; both must be
  /// possible. Returns those days.
  Days settle(const Scene& scene, const Attempt& attempt);

  /// Removes a day, or a part of it.
  void lose_day(int day);
  void lose_part(int day);

  /// That a reader and `daeda status` see what they must.
  void check(const Scene& scene);

  World& world;
  std::set<int> may_be_failed;            ///< Days that a run may have noted as failed.
  std::optional<Failures> last_failures;  ///< Of the last run, where they are known.
  bool may_have_rest = false;             ///< As in Attempt.

 private:
  struct Day {
    std::optional<Scene> made_of;  ///< Absent of a damaged one.
    Files files;
  };
  using Maker = std::pair<ino_t, std::int64_t>;

  [[nodiscard]] std::filesystem::path directory(int day) const;
  [[nodiscard]] std::filesystem::path map() const { return world.root() / "qid_map.parquet"; }
  [[nodiscard]] std::map<int, Maker> makers() const;
  void check_numbers(const Scene& scene, const Attempt& attempt, const Days& made);
  void check_status(const Scene& scene) const;

  std::map<int, Day> published_;
  std::map<int, Maker> makers_;  // tell a day that was made anew from the same bytes of before
  Sessions numbered_;
  std::string map_bytes_;
};

}  // namespace daedalus
