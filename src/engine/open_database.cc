#include "engine/open_database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/advice.h"
#include "engine/duckdb_error.h"
#include "engine/duckdb_text.h"
#include "engine/event_tie.h"
#include "engine/quote.h"
#include "engine/text_functions.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;

// What Daedalus rests on, whatever the configuration says.
constexpr std::pair<const char*, const char*> kOwnSettings[] = {
    {"autoinstall_known_extensions", "false"},
    {"autoload_known_extensions", "false"},
    {"allow_community_extensions", "false"},
    // The only LOAD is of the file that set-up verified; checking its signature again costs every
    // instance a second.
    {"allow_unsigned_extensions", "true"},
    // Secrets of the user's home are none of a run's business; and without this, Lance looks there.
    {"allow_persistent_secrets", "false"},
    // Row numbers of files are the rows' own numbers.
    {"preserve_insertion_order", "true"},
};

// DuckDB ends the process when it is opened and finds no file descriptor to spare.
void require_file_descriptors() {
  std::array<int, 4> held{};
  for (int& descriptor : held) descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const bool enough = std::ranges::all_of(held, [](int descriptor) { return descriptor >= 0; });
  for (const int descriptor : held) {
    if (descriptor >= 0) ::close(descriptor);
  }
  if (!enough)
    throw Error(ErrorKind::kEnvironment, "can't open DuckDB: too few file descriptors are left",
                kRaiseFileLimit);
}

class Configuration {
 public:
  Configuration() { duckdb_create_config(&config_); }
  ~Configuration() { duckdb_destroy_config(&config_); }
  Configuration(const Configuration&) = delete;
  Configuration& operator=(const Configuration&) = delete;

  void set(const std::string& name, const std::string& value) {
    if (duckdb_set_config(config_, name.c_str(), value.c_str()) == DuckDBError) {
      throw Error(ErrorKind::kConfig,
                  fmt::format("compute.duckdb_config: DuckDB refuses {} = {}", name, value),
                  "see DuckDB's list of settings");
    }
  }

  duckdb_database open() {
    require_file_descriptors();
    duckdb_database database = nullptr;
    char* message = nullptr;
    if (duckdb_open_ext(":memory:", &database, config_, &message) == DuckDBSuccess) return database;
    const std::string text = message != nullptr ? clean_duckdb_text(message) : "unknown cause";
    duckdb_free(message);
    throw Error(ErrorKind::kConfig, "compute.duckdb_config: DuckDB does not start: " + text,
                "see DuckDB's list of settings");
  }

 private:
  duckdb_config config_ = nullptr;
};

void make_temp_directory(const EngineSettings& settings) {
  const auto temp = settings.duckdb.find("temp_directory");
  if (temp == settings.duckdb.end() || temp->second.empty()) return;
  std::error_code error;
  fs::create_directories(temp->second, error);
  if (error) {
    throw Error(ErrorKind::kEnvironment,
                fmt::format("temp_directory {} can't be made: {}", temp->second, error.message()),
                "make it writable, or set compute.duckdb_config.temp_directory to another place");
  }
}

std::string lance_extension() {
  const char* from_environment = std::getenv("DAEDALUS_LANCE_EXTENSION");
  std::string path =
      from_environment != nullptr ? from_environment : DAEDALUS_LANCE_EXTENSION_DEFAULT;
  if (!fs::exists(path)) {
    throw Error(ErrorKind::kEnvironment, "the Lance extension is missing: " + path,
                "run `make setup`, or set DAEDALUS_LANCE_EXTENSION to lance.duckdb_extension");
  }
  return path;
}

void run(duckdb_connection connection, const std::string& sql) {
  throw_if_interrupted();
  duckdb_result result{};
  std::optional<Error> failure;
  if (duckdb_query(connection, sql.c_str(), &result) != DuckDBSuccess)
    failure = duckdb_failure(result, sql);
  duckdb_destroy_result(&result);
  if (failure) throw Error(*failure);
}

// In this order: an extension is a file outside of all directories, and a locked setting is final.
void confine(duckdb_connection connection, const EngineSettings& settings, bool lance) {
  if (lance) run(connection, "LOAD " + quote_text(lance_extension()));
  run(connection, "SET GLOBAL TimeZone = 'UTC'");
  std::vector<std::string> directories;
  for (const fs::path& directory : settings.directories)
    directories.push_back(fs::absolute(directory).string());
  run(connection, "SET allowed_directories = " + quote_text_list(directories));
  run(connection, "SET enable_external_access = false");
  run(connection, "SET lock_configuration = true");
}

}  // namespace

DuckdbInstance::DuckdbInstance(const EngineSettings& settings, bool lance) {
  make_temp_directory(settings);
  Configuration configuration;
  for (const auto& [name, value] : settings.duckdb) configuration.set(name, value);
  for (const auto& [name, value] : kOwnSettings) configuration.set(name, value);
  database_ = configuration.open();
  duckdb_connection connection = connect();
  try {
    if (!register_event_tie(connection) || !register_text_functions(connection))
      throw Error(ErrorKind::kBug, "DuckDB refuses a function of ours");
    confine(connection, settings, lance);
  } catch (...) {
    duckdb_disconnect(&connection);
    duckdb_close(&database_);
    throw;
  }
  duckdb_disconnect(&connection);
}

DuckdbInstance::~DuckdbInstance() { duckdb_close(&database_); }

duckdb_connection DuckdbInstance::connect() const {
  duckdb_connection connection = nullptr;
  if (duckdb_connect(database_, &connection) != DuckDBSuccess)
    throw Error(ErrorKind::kEnvironment, "DuckDB takes no connection", "free some memory");
  return connection;
}

}  // namespace daedalus
