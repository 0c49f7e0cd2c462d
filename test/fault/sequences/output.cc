#include "output.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace daedalus {
namespace {

namespace fs = std::filesystem;

// Every order in which some of `days`, `some` among them, can come.
std::vector<Days> orders(const Days& days, const Days& some, bool ascending) {
  std::vector<Days> all;
  for (unsigned chosen = 0; chosen < 1U << days.size(); ++chosen) {
    Days order;
    for (std::size_t i = 0; i < days.size(); ++i) {
      if ((chosen >> i & 1U) != 0) order.push_back(days[i]);
    }
    if (!std::ranges::includes(order, some)) continue;
    do {
      all.push_back(order);
    } while (!ascending && std::ranges::next_permutation(order).found);
  }
  return all;
}

}  // namespace

Days Output::due(const Scene& scene, const Days& days, bool force) const {
  Days due;
  for (const int day : days) {
    const auto found = published_.find(day);
    if (force || found == published_.end() || found->second.made_of != seen_by(day, scene))
      due.push_back(day);
  }
  return due;
}

Days Output::settle(const Scene& scene, const Attempt& attempt) {
  Days made;
  for (const auto& [day, maker] : makers()) {
    const auto before = makers_.find(day);
    if (before == makers_.end() || before->second != maker) made.push_back(day);
  }
  expect(std::ranges::includes(made, attempt.must),
         fmt::format("of {}, only {} were computed", attempt.must, made));
  expect(std::ranges::includes(attempt.days, made),
         fmt::format("{} were computed, but only {} were to be", made, attempt.days));
  check_numbers(scene, attempt, made);
  for (const int day : made)
    published_[day] = {seen_by(day, scene), world.undisturbed(scene, day, numbered_)};
  may_have_rest = attempt.may_leave_rest;
  return made;
}

void Output::check_numbers(const Scene& scene, const Attempt& attempt, const Days& made) {
  map_bytes_ = bytes_of(map());
  const Sessions now = numbered_sessions(map());
  const std::vector<Days> possible = orders(attempt.days, made, attempt.in_order);
  expect(std::ranges::any_of(
             possible, [&](const Days& order) { return now == extended(numbered_, scene, order); }),
         fmt::format("the map was {}\nand is {},\nwhich computing {} of {} does not make it",
                     numbered_, now, made, attempt.days));
  numbered_ = now;
}

void Output::lose_day(int day) {
  fs::remove_all(directory(day));
  published_.erase(day);
}

void Output::lose_part(int day) {
  const auto found = published_.find(day);
  if (found == published_.end()) return;
  const std::string part = "part-0-0.parquet";
  fs::remove(directory(day) / part);
  found->second.files.erase(part);
  found->second.made_of.reset();
}

void Output::check(const Scene& scene) {
  ++world.steps;
  makers_ = makers();
  for (const int day : kAllDays) {
    const auto expected = published_.find(day);
    const bool exists = fs::exists(directory(day));
    expect(exists == (expected != published_.end()),
           fmt::format("{} is {}published", kDays.at(day), exists ? "" : "not "));
    expect(!exists || files_of(directory(day)) == expected->second.files,
           kDays.at(day) + " has other bytes than an undisturbed run gives");
  }
  expect(bytes_of(map()) == map_bytes_, "the map has changed though no run was made");
  check_status(scene);
  if (may_have_rest || !fs::exists(world.root())) return;
  for (const auto& entry : fs::directory_iterator(world.root())) {
    const std::string name = entry.path().filename();
    expect(name != "_work" && !name.ends_with(".owner") && name.find(".tmp-") == std::string::npos,
           name + " was left behind");
  }
}

void Output::check_status(const Scene& scene) const {
  const Days stale = due(scene, kAllDays);
  const auto standings = nlohmann::json::parse(world.run({"status", "--json"}));
  expect(standings.size() == kDays.size(), "`daeda status` does not tell of three days");
  for (const int day : kAllDays) {
    const bool is_stale = std::ranges::count(stale, day) > 0;
    const std::string expected = !is_stale                  ? "published"
                                 : published_.contains(day) ? "stale"
                                                            : "missing";
    const std::string state = standings.at(day).at("state");
    expect(
        standings.at(day).at("day") == kDays.at(day) &&
            (state == expected || (state == "failed" && is_stale && may_be_failed.contains(day))),
        fmt::format("`daeda status` says {} is {}, but it is {}", kDays.at(day), state, expected));
  }
}

fs::path Output::directory(int day) const { return world.root() / ("dt=" + kDays.at(day)); }

std::map<int, Output::Maker> Output::makers() const {
  std::map<int, Maker> makers;
  for (const int day : kAllDays) {
    struct stat found {};
    if (::stat((directory(day) / "_manifest.json").c_str(), &found) == 0)
      makers[day] = {found.st_ino, found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec};
  }
  return makers;
}

}  // namespace daedalus
