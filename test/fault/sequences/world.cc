#include "world.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "engine/engine.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;

TextRows query(const fs::path& directory, const std::string& sql) {
  return Engine(EngineSettings{{{"threads", "1"}}, {directory}}).query(sql);
}

// The environment's DAEDA, or the program beside this one.
fs::path find_daeda() {
  const char* named = std::getenv("DAEDA");
  return named != nullptr ? fs::absolute(named)
                          : fs::read_symlink("/proc/self/exe").replace_filename("daeda");
}

// In the order of the parts.
std::vector<std::string> row_texts(const fs::path& day) {
  std::vector<std::string> parts;
  while (fs::exists(day / fmt::format("part-{}-0.parquet", parts.size())))
    parts.push_back(quote_text((day / fmt::format("part-{}-0.parquet", parts.size())).string()));
  std::vector<std::string> texts;
  for (const auto& row : query(
           day, fmt::format("SELECT {} FROM read_parquet([{}])", kRowText, fmt::join(parts, ", "))))
    texts.push_back(row[0].value_or("NULL"));
  return texts;
}

}  // namespace

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Files files_of(const fs::path& directory) {
  Files files;
  for (const auto& entry : fs::directory_iterator(directory))
    files[entry.path().filename()] = bytes_of(entry.path());
  return files;
}

Sessions numbered_sessions(const fs::path& map) {
  Sessions sessions;
  if (!fs::exists(map)) return sessions;
  const std::string select =
      fmt::format("SELECT feed_session, qid FROM {} ORDER BY qid", quote_text(map.string()));
  for (const auto& row : query(map.parent_path(), select)) {
    sessions.push_back(*row[0]);
    expect(*row[1] == std::to_string(sessions.size()), "the qids of the map are not 1, 2, 3, ...");
  }
  return sessions;
}

void expect(bool holds, const std::string& what) {
  if (!holds) RC_FAIL(what);
}

World::World() : scratch_(testing::TempDir(), "sequences"), daeda_(find_daeda()) {}

void World::begin(const Scene& scene) {
  fs::remove_all(root());
  change(scene);
}

Process World::start(const std::vector<std::string>& arguments, const std::string& fault) const {
  std::vector<std::string> command{daeda_};
  std::vector<std::string> environment;
  if (!fault.empty()) {
    command.front() = fs::path(daeda_).replace_filename("daeda_faults");
    environment.push_back("DAEDALUS_FAULT=" + fault);
  }
  command.insert(command.end(), arguments.begin(), arguments.end());
  return {scratch_.path(), command, environment};
}

std::string World::run(const std::vector<std::string>& arguments, int exit_code) const {
  Process process = start(arguments);
  const int ended = process.exit_code();
  expect(ended == exit_code,
         fmt::format("daeda {} ends with {}, not {}\n{}{}", fmt::join(arguments, " "), ended,
                     exit_code, process.output(), process.errors()));
  return process.output();
}

const Files& World::undisturbed(const Scene& scene, int day, const Sessions& numbered) {
  std::vector<std::ptrdiff_t> qids;
  for (const std::string& session : sessions_of(scene, day))
    qids.push_back(std::ranges::find(numbered, session) - numbered.begin());
  const auto key = std::tuple(seen_by(day, scene), day, qids);
  const auto found = undisturbed_.find(key);
  if (found != undisturbed_.end()) return found->second;
  return undisturbed_[key] = make_undisturbed(scene, day, numbered);
}

Files World::make_undisturbed(const Scene& scene, int day, const Sessions& numbered) const {
  const fs::path other = scratch_.path() / "undisturbed";
  fs::remove_all(other);
  fs::create_directory(other);
  const fs::path map = "qid_map.parquet";
  fs::copy_file(root() / map, other / map);
  run({"pipeline", "train", "dssm_ranking", "--skeleton-only", "--target-date", kDays.at(day),
       "--set", "runtime.output_root=undisturbed"});
  expect(numbered_sessions(other / map) == numbered, "the map lacks a session of a published day");
  const fs::path published = other / ("dt=" + kDays.at(day));
  const std::vector<std::string> rows = row_texts(published);
  const std::vector<std::string> expected = rows_of(scene, day, numbered);
  expect(rows == expected, fmt::format("rows of an undisturbed run:\n{}\nby hand:\n{}",
                                       fmt::join(rows, "\n"), fmt::join(expected, "\n")));
  return files_of(published);
}

std::vector<std::string> train(const Days& days, bool force, int workers) {
  std::vector<std::string> arguments{"pipeline",      "train",
                                     "dssm_ranking",  "--skeleton-only",
                                     "--from",        kDays.at(days.front()),
                                     "--to",          kDays.at(days.back()),
                                     "--day-workers", std::to_string(workers)};
  if (force) arguments.emplace_back("--force");
  return arguments;
}

}  // namespace daedalus
