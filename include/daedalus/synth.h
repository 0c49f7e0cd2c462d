// A seeded generator of a realistic world in exactly the layout of the shipped configuration: a
// feed, the six feature views and an embedding pool. For trying things out, tests and benchmarks.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace daedalus {

/// Sessions that one user begins in a day, and their events: never more than this.
inline constexpr std::int64_t kSynthMaxSessions = 15;
inline constexpr std::int64_t kSynthMaxEventsPerUserDay = 30 * kSynthMaxSessions;

/// What to generate. The same options give the same rows, and the same bytes of all Parquet files.
struct SynthOptions {
  std::filesystem::path dir;      ///< Where `data/` and `config/` go; made when missing.
  std::int64_t users = 2'000;     ///< 1 to 100 million.
  std::int64_t artworks = 5'000;  ///< 1 to 100 million.
  std::int64_t days = 10;         ///< UTC days of feed, 1 to 3660; the last one is `end_date`.
  std::int64_t events_per_day = 20'000;  ///< Feed rows a day on average; at most 100 a user, or 20
                                         ///< for each 3 of `max_sessions`.
  std::chrono::year_month_day end_date{std::chrono::year{2026}, std::chrono::May,
                                       std::chrono::day{17}};
  /// Sessions that the busiest users begin a day, of about ten events each: 1 to 15. Fewer make
  /// users more alike, and so lists shorter.
  std::int64_t max_sessions = kSynthMaxSessions;
  std::int64_t seed = 1;            ///< 0 or more; another seed makes another world.
  std::int64_t embedding_dim = 64;  ///< Elements of a vector, 1 to 4096.
  bool force = false;  ///< Replace the feed, the views and the pool of an existing `data/`.
};

/// What was generated.
struct SynthSummary {
  std::int64_t events = 0;  ///< Feed rows, invalid ones included.
  std::int64_t users = 0;
  std::int64_t artworks = 0;
  std::int64_t days = 0;
  std::int64_t bytes = 0;  ///< Size of the files of feed, views and pool.
};

/// Writes `dir/data/{feed,views,embeddings.lance}`, and those files of the shipped configuration
/// that `dir/config/` does not have yet. All is made in `dir/.synth` and renamed at the end, the
/// feed last, so an interrupted call leaves no feed that looks whole; not for two calls on one
/// `dir` at once. Whatever else `dir/data/` holds stays.
///
/// Throws Error: kConfig for options out of range (all at once), or when `dir/data/` holds
/// something and `force` is not set; kEnvironment when memory, disk or permissions fail;
/// kInterrupted.
SynthSummary synthesize(const SynthOptions& options);

}  // namespace daedalus
