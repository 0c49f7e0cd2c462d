#include "sink/qid_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/advice.h"
#include "base/embedded.h"
#include "base/fault_point.h"
#include "engine/quote.h"
#include "sink/file.h"
#include "sink/output_lock.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTemporaryPrefix = "_qid_map.tmp-";
constexpr const char* kLock = "_qid_map";

std::string sql_file(const std::string& name) {
  return std::string(embedded_file("sql/sink/" + name + ".sql"));
}

Error map_error(const fs::path& map, const std::string& what) {
  return {ErrorKind::kInput, fmt::format("{}: {}", map.string(), what),
          "restore it from a copy, or use an empty output_root: without it, published qids have no "
          "meaning"};
}

std::string scan(const fs::path& map) {
  // A `key=value` folder above output_root is not a column of ours.
  return fmt::format("read_parquet({}, hive_partitioning = false)", quote_text(map.string()));
}

bool is_integer(std::string_view type) {
  return type.ends_with("INT") || type.ends_with("INTEGER");
}

// Feed and map may differ in width, and so may files of the feed.
std::string stored_type(const std::string& feed_type, const std::string& map_type) {
  if (!is_integer(feed_type)) return feed_type;
  return feed_type == "UBIGINT" || map_type == "UBIGINT" ? "UBIGINT" : "BIGINT";
}

std::string type_of_sessions(Engine& engine, const std::string& sessions_select) {
  const std::vector<ColumnType> columns = engine.describe(sessions_select);
  if (columns.size() != 2 || columns[0].name != "feed_session" || columns[1].name != "ordinal") {
    throw Error(ErrorKind::kBug,
                "sessions_select must yield feed_session, ordinal: " + sessions_select);
  }
  return columns[0].type;
}

// The result of `read`, whose refusals are the map's fault.
template <typename Read>
auto reading(const fs::path& map, Read read) {
  try {
    return read();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted || error.kind() == ErrorKind::kEnvironment) throw;
    throw map_error(map, fmt::format("it can't be read: {}", error.what()));
  }
}

std::string type_of_map(Engine& engine, const fs::path& map, const std::string& feed_type) {
  const auto columns = reading(map, [&] { return engine.describe("SELECT * FROM " + scan(map)); });
  if (columns.size() != 2 || columns[0].name != "feed_session" ||
      columns[1] != ColumnType{"qid", "BIGINT"}) {
    throw map_error(map, "its columns are not feed_session and qid (BIGINT)");
  }
  const std::string& type = columns[0].type;
  if (type != feed_type && !(is_integer(type) && is_integer(feed_type))) {
    throw map_error(
        map, fmt::format("its feed_session is {}, but that of the feed is {}", type, feed_type));
  }
  return type;
}

struct KnownSessions {
  std::string type;
  std::int64_t last_qid = 0;
  std::int64_t count = 0;
};

// Whether some published partition has a qid: then a map that isn't there was lost.
bool has_published_qids(Engine& engine, const fs::path& output_root) {
  for (const auto& entry : fs::directory_iterator(output_root)) {
    if (!entry.path().filename().string().starts_with("dt=")) continue;
    for (const auto& part : fs::directory_iterator(entry.path())) {
      if (part.path().extension() != ".parquet") continue;
      const std::string parts = scan(part.path());
      const auto columns =
          engine.query(fmt::format("SELECT name FROM parquet_schema({}) WHERE name = 'qid'",
                                   quote_text(part.path().string())));
      if (!columns.empty() && engine.query_count("SELECT count(qid) FROM " + parts) > 0)
        return true;
    }
  }
  return false;
}

// Makes the views `sessions` and `known`, of one type of session, and checks the map if there is
// one.
KnownSessions open_map(Engine& engine, const fs::path& map, const std::string& sessions_select) {
  std::error_code ignored;
  const bool map_exists = fs::exists(fs::symlink_status(map, ignored));
  const std::string feed_type = type_of_sessions(engine, sessions_select);
  const std::string type =
      stored_type(feed_type, map_exists ? type_of_map(engine, map, feed_type) : feed_type);
  auto typed = [&type](const std::string& other_column, const std::string& from) {
    return fmt::format("SELECT feed_session::{} AS feed_session, {} FROM {}", type, other_column,
                       from);
  };
  engine.create_view("sessions", typed("ordinal", "(" + sessions_select + ")"));
  if (!map_exists) {
    if (has_published_qids(engine, map.parent_path())) {
      throw map_error(map, "it is missing, though published partitions have qids");
    }
    engine.create_view("known",
                       typed("NULL::BIGINT AS qid", "(SELECT NULL AS feed_session) WHERE false"));
    return {.type = type};
  }
  engine.create_view("known", typed("qid", scan(map)));
  const auto row = reading(map, [&] { return engine.query(sql_file("qid_map_check")).at(0); });
  constexpr std::array kFaults = {"NULL sessions", "NULL qids", "repeated sessions",
                                  "repeated qids", "qids below 1"};
  for (std::size_t i = 0; i < kFaults.size(); ++i) {
    if (row[i] != "0") throw map_error(map, fmt::format("it holds {} {}", *row[i], kFaults[i]));
  }
  const std::int64_t last_qid = std::stoll(*row[5]);
  if (last_qid > std::numeric_limits<std::int64_t>::max() / 2)
    throw map_error(map, fmt::format("its greatest qid, {}, leaves no room for more", last_qid));
  return {.type = type, .last_qid = last_qid, .count = std::stoll(*row[6])};
}

// Only who holds the lock makes such files; for whom else holds it, they are of processes that were
// killed.
std::vector<fs::path> temporaries_in(const fs::path& output_root) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (fs::directory_iterator at(output_root, ignored), end; at != end; at.increment(ignored)) {
    if (at->path().filename().string().starts_with(kTemporaryPrefix)) found.push_back(at->path());
  }
  std::ranges::sort(found);
  return found;
}

void remove_temporaries(const fs::path& output_root) {
  std::error_code ignored;
  for (const fs::path& path : temporaries_in(output_root)) fs::remove(path, ignored);
}

// What is written was read before: what fails is the writing.
void copy_to(Engine& engine, const std::string& select, const fs::path& path) {
  try {
    engine.execute(
        fmt::format("COPY ({}) TO {} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)",
                    select, quote_text(path.string())));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted || error.kind() == ErrorKind::kBug) throw;
    const Problem& problem = error.problems().front();
    throw Error(ErrorKind::kEnvironment,
                fmt::format("can't write {}: {}", path.string(), problem.what),
                problem.fix.empty() ? "make output_root writable, with room for the map twice"
                                    : problem.fix);
  }
}

// What can't be read back was spoiled by the disk.
void check_written(Engine& engine, const fs::path& path, std::int64_t sessions) {
  std::string why = "it has another number of sessions";
  try {
    if (engine.query_count("SELECT count(*) FROM " + scan(path)) == sessions) return;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    why = error.what();
  }
  throw Error(ErrorKind::kEnvironment,
              fmt::format("{} does not read back as it was written: {}", path.string(), why),
              kCheckDisk);
}

// Writes known and new sessions to a file of its own, and renames it once it is whole and on disk.
void replace_map(Engine& engine, const fs::path& map, std::int64_t sessions) {
  const fs::path temporary = map.parent_path() / (kTemporaryPrefix + unique_suffix());
  try {
    copy_to(engine, "FROM known UNION ALL FROM numbered ORDER BY qid", temporary);
    sync_path(temporary);
    fault_point("qid_map.written");
    check_written(engine, temporary, sessions);
    if (::rename(temporary.c_str(), map.c_str()) != 0) {
      throw machine_error("can't replace", map, errno);
    }
  } catch (...) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw;
  }
  fault_point("qid_map.replaced");
  sync_path(map.parent_path());
}

}  // namespace

std::string extend_qid_map(const fs::path& output_root, const std::string& sessions_select,
                           const EngineSettings& settings, const fs::path& snapshot) {
  const fs::path map = output_root / "qid_map.parquet";
  make_directories(output_root);
  refuse_link(map);
  const OutputLock lock(output_root, kLock);
  remove_temporaries(output_root);
  fault_point("qid_map.locked");

  Engine engine(settings);
  const KnownSessions known = open_map(engine, map, sessions_select);
  engine.set_variable("last_qid", std::to_string(known.last_qid));
  engine.execute("CREATE TEMP TABLE numbered AS " + sql_file("new_sessions"));
  copy_to(engine, sql_file("session_qids"), snapshot);
  fault_point("qid_map.snapshot");
  const std::int64_t found = engine.query_count("SELECT count(*) FROM numbered");
  if (found > 0) replace_map(engine, map, known.count + found);
  return "SELECT feed_session, qid FROM " + scan(snapshot);
}

Leftovers remove_stale_qid_maps(const fs::path& output_root, bool dry_run) {
  Leftovers leftovers;
  const fs::path link = OutputLock::remove_stale_link(output_root, kLock, dry_run);
  if (!link.empty()) leftovers.removed.push_back(link);
  if (temporaries_in(output_root).empty()) return leftovers;
  const auto lock = OutputLock::try_take(output_root, kLock);
  if (lock == nullptr) return leftovers;
  for (const fs::path& path : temporaries_in(output_root)) {
    std::error_code error;
    if (!dry_run) fs::remove(path, error);
    if (error) {
      leftovers.kept.push_back({path, error.message(), true});
    } else {
      leftovers.removed.push_back(path);
    }
  }
  return leftovers;
}

}  // namespace daedalus
