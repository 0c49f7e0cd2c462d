// Generates a synthetic world, stage by stage of sql/synth/: users and artworks as tables, then a
// day of feed at a time, the views and the pool. All randomness is a hash of keys and the seed, so
// rows depend on nothing else.
#include "daedalus/synth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/embedded.h"
#include "daedalus/error.h"
#include "engine/engine.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;
using std::chrono::sys_days;

constexpr std::int64_t kMany = 100'000'000;
constexpr std::int64_t kTastes = 32;
constexpr double kMeanSessionEvents = 9.98;  // Of the lengths in sessions.sql.
// Worlds with small days get no invalid rows: a single one could be more than max_invalid_fraction
// allows.
constexpr std::int64_t kInvalidFromEventsPerDay = 10'000;

constexpr std::string_view kArtworkViews[] = {"artwork_properties", "artwork_generation",
                                              "artwork_aesthetic", "artwork_tack",
                                              "artwork_vector"};
constexpr std::string_view kPieces[] = {"feed", "views", "embeddings.lance"};

std::string date_text(sys_days date) {
  const std::chrono::year_month_day ymd{date};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()));
}

std::string sql_of(std::string_view stage) {
  return std::string(embedded_file(fmt::format("sql/synth/{}.sql", stage)));
}

// The events a day that a user may have on average: two thirds of what the busiest has, so that
// some are busier than others.
std::int64_t max_events_per_user(const SynthOptions& options) {
  return options.max_sessions * 20 / 3;
}

void check(const SynthOptions& options) {
  std::vector<Problem> problems;
  const auto in_range = [&](std::string_view name, std::int64_t value, std::int64_t least,
                            std::int64_t most) {
    if (value >= least && value <= most) return;
    problems.push_back(
        {{}, fmt::format("{} is {}", name, value), fmt::format("give {} to {}", least, most)});
  };
  in_range("users", options.users, 1, kMany);
  in_range("artworks", options.artworks, 1, kMany);
  in_range("days", options.days, 1, 3660);
  in_range("embedding_dim", options.embedding_dim, 1, 4096);
  in_range("seed", options.seed, 0, std::numeric_limits<std::int64_t>::max());
  in_range("max_sessions", options.max_sessions, 1, kSynthMaxSessions);
  if (options.users >= 1 && options.users <= kMany) {
    const std::int64_t per_user = max_events_per_user(options);
    in_range("events_per_day", options.events_per_day, 1, options.users * per_user);
    if (!problems.empty() && options.events_per_day > options.users * per_user) {
      problems.back().fix += fmt::format(" ({} a user), or raise users", per_user);
    }
  }
  const int year = static_cast<int>(options.end_date.year());
  if (!options.end_date.ok() || year < 2000 || year > 2200) {
    problems.push_back(
        {{}, "end_date is no day of the years 2000 to 2200", "give a date such as 2026-05-17"});
  }
  if (!problems.empty()) throw Error(ErrorKind::kConfig, problems);
}

// Runs a step of file handling and says of which one the machine refused.
template <typename Step>
void on_disk(const fs::path& path, Step step) {
  try {
    step();
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorKind::kEnvironment,
                fmt::format("{}: {}", path.string(), error.code().message()),
                "make it writable, or give another directory");
  }
}

// The directory in which everything is made; gone when it ends, however it ends.
class Staging {
 public:
  explicit Staging(fs::path path) : path_(std::move(path)) {
    on_disk(path_, [this] {
      fs::remove_all(path_);
      fs::create_directories(path_ / "views");
    });
  }
  ~Staging() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// The c for which users of rank 1, 2, … begin min(most, c rank^-0.9) sessions a day, `sessions` in
// all.
double session_scale(std::int64_t users, double sessions, double most) {
  const auto n = static_cast<double>(users);
  const auto total = [n, most](double scale) {
    const double at_most = std::min(n, std::floor(std::pow(scale / most, 1 / 0.9)));
    // The sum of r^-0.9 over the others, as an integral.
    const double others = 10 * (std::pow(n + 0.5, 0.1) - std::pow(at_most + 0.5, 0.1));
    return most * at_most + scale * others;
  };
  double low = 0;
  double high = 1;
  while (total(high) < sessions) high *= 4;
  for (int i = 0; i < 40; ++i) {
    const double middle = (low + high) / 2;
    (total(middle) < sessions ? low : high) = middle;
  }
  return high;
}

// A step through 0..n-1 that meets each number once and leaves no trace of the order.
std::int64_t shuffling_step(std::int64_t n) {
  auto step = static_cast<std::int64_t>(0.618 * static_cast<double>(n)) + 1;
  while (std::gcd(step, n) != 1) ++step;
  return step;
}

class World {
 public:
  World(const SynthOptions& options, const fs::path& staging)
      : options_(options),
        staging_(staging),
        first_day_(sys_days{options.end_date} - std::chrono::days(options.days - 1)),
        engine_({{{"threads", "2"},
                  {"memory_limit", "2GB"},
                  {"temp_directory", (staging / "tmp").string()}},
                 {staging}},
                "the synthetic embedding pool") {
    set_variables();
    // hash(hash(…)): DuckDB combines the hashes of several values by an XOR, which draws for two
    // things would share.
    engine_.execute(
        "CREATE TEMP MACRO chance(key, what) AS "
        "(hash(hash(key::BIGINT, getvariable('seed'), what)) >> 11)::DOUBLE * "
        "1.1102230246251565e-16");
    make_table("users", "users");
    make_table("artworks", "artworks");
  }

  void write_feed() {
    for (std::int64_t i = 0; i < options_.days; ++i) {
      const std::string day = date_text(first_day_ + std::chrono::days(i));
      const fs::path month = staging_ / "feed" / ("month=" + day.substr(0, 4) + day.substr(5, 2));
      on_disk(month, [&] { fs::create_directories(month); });
      engine_.set_variable("day", "DATE " + quote_text(day));
      make_table("sessions", "sessions");
      copy_parquet(sql_of("feed"), month / (day + ".parquet"));
    }
    engine_.execute("DROP TABLE sessions");
  }

  void write_views() {
    write_view("user_profile");
    for (const std::string_view view : kArtworkViews) {
      engine_.set_variable("view", quote_text(view));
      make_table("artwork_versions", "artwork_versions");
      write_view(view);
    }
    engine_.execute("DROP TABLE artwork_versions");
  }

  void write_pool() {
    engine_.execute(
        fmt::format("COPY (SELECT artwork_id, embedding::FLOAT[{}] AS embedding FROM (\n{}\n)) TO "
                    "{} (FORMAT lance)",
                    options_.embedding_dim, sql_of("embeddings"),
                    quote_text((staging_ / "embeddings.lance").string())));
  }

  std::int64_t events() {
    return engine_.query_count(fmt::format("SELECT sum(num_rows) FROM parquet_file_metadata({})",
                                           quote_text((staging_ / "feed/*/*.parquet").string())));
  }

 private:
  void set_variables() {
    const double sessions = static_cast<double>(options_.events_per_day) / kMeanSessionEvents;
    const auto max_sessions = static_cast<double>(options_.max_sessions);
    const auto set = [this](const char* name, const std::string& value) {
      engine_.set_variable(name, value);
    };
    const auto number = [&](const char* name, std::int64_t value) {
      set(name, fmt::format("{}::BIGINT", value));
    };
    number("seed", options_.seed);
    number("users", options_.users);
    number("artworks", options_.artworks);
    number("days", options_.days);
    number("tastes", kTastes);
    number("user_step", shuffling_step(options_.users));
    number("artwork_step", shuffling_step(options_.artworks));
    number("embedding_dim", options_.embedding_dim);
    set("first_day", "DATE " + quote_text(date_text(first_day_)));
    set("end", "DATE " + quote_text(date_text(first_day_ + std::chrono::days(options_.days))));
    set("max_sessions_a_day", fmt::format("{}::DOUBLE", max_sessions));
    set("session_scale",
        fmt::format("{}::DOUBLE", session_scale(options_.users, sessions, max_sessions)));
    set("invalid_share",
        options_.events_per_day < kInvalidFromEventsPerDay ? "0::DOUBLE" : "0.0002::DOUBLE");
  }

  void make_table(const std::string& name, std::string_view stage) {
    engine_.execute(fmt::format("CREATE OR REPLACE TEMP TABLE {} AS {}", quote_identifier(name),
                                sql_of(stage)));
  }

  void copy_parquet(const std::string& select, const fs::path& path) {
    engine_.execute(fmt::format("COPY (\n{}\n) TO {} (FORMAT parquet, COMPRESSION zstd)", select,
                                quote_text(path.string())));
  }

  void write_view(std::string_view view) {
    const fs::path folder = staging_ / "views" / view;
    on_disk(folder, [&] { fs::create_directories(folder); });
    copy_parquet(sql_of(view), folder / "part-0.parquet");
  }

  const SynthOptions& options_;
  fs::path staging_;
  sys_days first_day_;
  Engine engine_;
};

void write_config(const fs::path& staging, const fs::path& dir) {
  const fs::path made = staging / "file.yaml";
  for (const EmbeddedFile& file : embedded_files()) {
    const fs::path path = dir / file.path;
    if (!file.path.starts_with("config/") || fs::exists(path)) continue;
    std::ofstream out(made, std::ios::binary);
    out << file.text;
    out.close();
    if (!out) throw fs::filesystem_error("write", path, std::make_error_code(std::errc::io_error));
    fs::create_directories(path.parent_path());
    fs::rename(made, path);
  }
}

std::int64_t bytes_below(const fs::path& root) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return static_cast<std::int64_t>(bytes);
}

// The feed goes first and comes last: between the two, a run finds no days instead of a mixture of
// worlds.
void publish(const fs::path& staging, const fs::path& data) {
  fs::create_directories(data);
  for (const std::string_view piece : kPieces) fs::remove_all(data / piece);
  for (auto piece = std::rbegin(kPieces); piece != std::rend(kPieces); ++piece)
    fs::rename(staging / *piece, data / *piece);
}

}  // namespace

SynthSummary synthesize(const SynthOptions& options) {
  check(options);
  const fs::path data = options.dir / "data";
  on_disk(data, [&] {
    if (options.force || !fs::exists(data) || fs::is_empty(data)) return;
    throw Error(ErrorKind::kConfig, data.string() + " is not empty",
                "give another directory, or --force to replace its feed, views and embedding pool");
  });
  const Staging staging(options.dir / ".synth");
  SynthSummary summary{.users = options.users, .artworks = options.artworks, .days = options.days};
  {
    World world(options, staging.path());
    world.write_feed();
    world.write_views();
    world.write_pool();
    summary.events = world.events();
  }
  on_disk(options.dir, [&] {
    for (const std::string_view piece : kPieces)
      summary.bytes += bytes_below(staging.path() / piece);
    write_config(staging.path(), options.dir);
    publish(staging.path(), data);
  });
  return summary;
}

}  // namespace daedalus
