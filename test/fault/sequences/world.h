// The directory in which sequences happen, the programs that run there, and what they publish when
// nothing disturbs them.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "process.h"
#include "scene.h"
#include "sink/work_directory.h"

namespace daedalus {

using Files = std::map<std::string, std::string>;  // bytes by name

std::string bytes_of(const std::filesystem::path& path);  // "" of what is not there
Files files_of(const std::filesystem::path& directory);

/// The sessions of a qid map in the order of their qids, which must be 1, 2, 3, ...
Sessions numbered_sessions(const std::filesystem::path& map);

/// Fails the sequence when `holds` is false.
void expect(bool holds, const std::string& what);

class World {
 public:
  World();

  [[nodiscard]] std::filesystem::path root() const { return scratch_.path() / "output"; }

  /// A world without an output.
  void begin(const Scene& scene);
  void change(const Scene& scene) { write(scene, scratch_.path()); }

  /// `daeda ARGUMENTS`; with `fault`, the program that fails there (injecting_fault_point.cc).
  [[nodiscard]] Process start(const std::vector<std::string>& arguments,
                              const std::string& fault = {}) const;
  /// The same, once it has ended as it must: its stdout.
  std::string run(const std::vector<std::string>& arguments, int exit_code = 0) const;

  /// `day`, published of `scene`, which is what the world is now, where `numbered` is the map.
  /// Each is made once.
  const Files& undisturbed(const Scene& scene, int day, const Sessions& numbered);

  std::chrono::duration<double> three_days{1};  ///< How long they take.
  int steps = 0;
  int kills = 0;
  int failures = 0;

 private:
  [[nodiscard]] Files make_undisturbed(const Scene& scene, int day, const Sessions& numbered) const;

  WorkDirectory scratch_;
  std::filesystem::path daeda_;
  std::map<std::tuple<Scene, int, std::vector<std::ptrdiff_t>>, Files> undisturbed_;
};

/// The arguments of a run of the days from the first to the last of `days`.
std::vector<std::string> train(const Days& days, bool force = false, int workers = 1);

}  // namespace daedalus
