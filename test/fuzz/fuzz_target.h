// What is fuzzed. Each target is a function of bytes that throws when something is wrong; libFuzzer
// calls it with bytes of its own (fuzz_main.cc), the ordinary tests with those of seeds/
// (fuzz_seeds_test.cc).
#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

namespace daedalus::fuzz {

/// A text by parse_yaml(): what is read says the same when it is written out and read again.
void yaml(std::string_view bytes);
/// A configuration, of which each line `%% FILE` begins a file: it loads, or its problems are told.
void config(std::string_view bytes);
/// Durations, months, days and instants, against arithmetic written out by hand.
void times(std::string_view bytes);
/// The native kernel against the slow oracle, on a small world that is made of the bytes.
void pit(std::string_view bytes);
/// _manifest.json and _last_run.json: read, or refused as the documentation says.
void published(std::string_view bytes);

struct Target {
  std::string_view name;  ///< Of the program `fuzz_{name}`, and of its directory in seeds/.
  void (*run)(std::string_view bytes);
};

inline constexpr std::array<Target, 5> kTargets{
    {{"yaml", yaml}, {"config", config}, {"times", times}, {"pit", pit}, {"published", published}}};

/// Throws std::logic_error, which no target expects, unless `holds`.
inline void require(bool holds, const std::string& what) {
  if (!holds) throw std::logic_error(what);
}

}  // namespace daedalus::fuzz
