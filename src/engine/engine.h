// The sole owner of DuckDB: in-memory instances, each with its own threads, memory limit and spill
// directory, and connections to them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daedalus/engine_settings.h"
#include "daedalus/error.h"
#include "engine/result_stream.h"

namespace arrow {
class Table;
}
namespace daedalus {

/// A column of a relation: its name and DuckDB type ("BIGINT", "VARCHAR[]", ...).
struct ColumnType {
  std::string name;
  std::string type;
  bool operator==(const ColumnType&) const = default;
};

/// A result as text: rows of values, each absent when NULL.
using TextRows = std::vector<std::vector<std::optional<std::string>>>;

/// One connection to a DuckDB instance, with views, temporary tables and variables of its own. Not
/// for use from two threads at once, but for interrupt_all().
///
/// The time zone is UTC, no file outside of the settings' directories is touched, and the function
/// `event_tie(artwork_id VARCHAR, event VARCHAR) -> UBIGINT` (XXH3-64 of `artwork_id 0x1F event`)
/// is there. Methods throw Error: kConfig for an unknown setting, kEnvironment when memory or disk
/// ran out, kInterrupted, kInput for data that can't be read or converted, kBug for SQL of ours
/// that does not bind.
class Engine {
 public:
  /// Opens an instance (see DuckdbInstance), for good: nothing can be loaded or set later. Or takes
  /// the one that the settings share, unless Lance is read.
  /// `lance_source`: what is going to be read of Lance, for the case that its reader brings the
  /// process down (see lance_use.h); empty: nothing. The extension comes from where set-up put it
  /// (environment DAEDALUS_LANCE_EXTENSION, or the path given at build time).
  explicit Engine(const EngineSettings& settings, const std::string& lance_source = {});
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// What it was opened with.
  [[nodiscard]] const EngineSettings& settings() const;
  [[nodiscard]] bool reads_lance() const;
  /// Whether `path`, its links followed, lies in a directory of the settings. DuckDB holds to that
  /// by itself; Lance, which reads by its own means, does not.
  [[nodiscard]] bool may_touch(const std::filesystem::path& path) const;

  /// Runs statements for their effect.
  void execute(const std::string& sql);

  /// Makes `SELECT` available to later statements under `name`, without running it.
  void create_view(const std::string& name, const std::string& select);

  /// Sets a variable for getvariable(). `expression` is SQL: quote it.
  void set_variable(const std::string& name, const std::string& expression);

  /// All rows, as text.
  TextRows query(const std::string& sql);

  /// The single value of a one-row, one-column result that is not NULL.
  std::int64_t query_count(const std::string& sql);

  /// Columns and types of a SELECT. Binds it, reads no data.
  std::vector<ColumnType> describe(const std::string& select);

  /// The result of a SELECT, read while it is made. Nothing else may run here until it is gone.
  std::unique_ptr<ResultStream> stream(const std::string& select);

  /// The result of a SELECT as one Arrow table, each column in one chunk.
  std::shared_ptr<arrow::Table> table(const std::string& select);

  /// DuckDB's version, e.g. "v1.5.5".
  static std::string version();

  /// Stops the running statements of all instances, now and from here on; they throw
  /// Error{kInterrupted}. For a signal watcher.
  static void interrupt_all();

  /// Lets statements run again after interrupt_all().
  static void resume_all();

  /// Throws Error{kInterrupted} between interrupt_all() and resume_all(). For waits of our own.
  static void throw_if_interrupted();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The same settings, whose engines share one instance: its threads, its memory limit, and the time
/// that opening one takes. A fatal error in one engine ends them all.
EngineSettings share_instance(EngineSettings settings);

}  // namespace daedalus
