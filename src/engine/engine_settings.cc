#include "daedalus/engine_settings.h"

#include <algorithm>
#include <thread>

namespace daedalus {
namespace {

namespace fs = std::filesystem;

// The directory below which lies all that the path of a source can match.
fs::path directory_of(const Source& source) {
  std::string path = source.path.substr(0, source.path.find_first_of("*?[{"));
  if (path.size() == source.path.size()) {  // A file's name, or a dataset's, which may end in '/'.
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  }
  const fs::path directory = fs::path(path).parent_path();
  return directory.empty() ? "." : directory;
}

}  // namespace

EngineSettings EngineSettings::with(const fs::path& directory) const {
  EngineSettings more = *this;
  more.directories.push_back(directory);
  more.instance.reset();
  return more;
}

int EngineSettings::threads() const {
  const auto given = duckdb.find("threads");
  const auto all = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  return given == duckdb.end() ? all : std::stoi(given->second);
}

EngineSettings engine_settings(const Config& config) {
  EngineSettings settings{config.runtime.duckdb_config, {config.runtime.output_root}};
  settings.directories.push_back(directory_of(config.feed.source));
  for (const auto& [name, view] : config.views)
    settings.directories.push_back(directory_of(view.source));
  if (config.embedding_pool)
    settings.directories.push_back(directory_of(config.embedding_pool->source));
  return settings;
}

}  // namespace daedalus
