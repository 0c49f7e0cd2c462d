// Keeping the types of text, and taking them anew: accept_types().
#include "run/keep_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "catalog/catalog_entry.h"
#include "catalog/text_files.h"
#include "config/problems.h"
#include "daedalus/accept_types.h"
#include "sink/replace_file.h"

namespace daedalus {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The shapes of all columns as they are now, without what was known.
KnownShapes shapes_now(Engine& engine, const CatalogEntry& entry) {
  const SourceRelation relation(engine, entry.name, entry.source, entry.declared,
                                datasets_of(engine, entry));
  for (const InspectedDataset& inspected : relation.datasets()) {
    if (inspected.is_fine()) continue;
    throw Error(ErrorKind::kInput,
                fmt::format("{}: {} {}", entry.name, inspected.dataset.path, inspected.error),
                inspected.fix);
  }
  return relation.kept_shapes();
}

std::string type_in(const KnownShapes& shapes, const std::string& column) {
  const auto found = shapes.find(column);
  return found == shapes.end() ? "" : found->second.type();
}

void check_column(const CatalogEntry& entry, const std::string& column) {
  std::vector<std::string> names;
  for (const DeclaredColumn& declared : entry.declared) names.push_back(declared.name);
  if (std::ranges::find(names, column) != names.end()) return;
  throw Error(ErrorKind::kConfig, fmt::format("{} has no column '{}'", entry.name, column),
              config::did_you_mean(column, names));
}

}  // namespace

void keep_text_memory(const TextMemory& memory, const std::filesystem::path& output_root) {
  if (memory.has_types()) {
    const std::string types = memory.types_json();
    if (text_of(output_root / TextMemory::kTypesFile) != types)
      replace_file(output_root, TextMemory::kTypesFile, types, "types.written");
  }
  if (memory.has_new_files())
    replace_file(output_root, TextMemory::kFilesFile, memory.files_json(), "seen_files.written");
}

std::vector<AcceptedType> accept_types(const Config& config,
                                       const std::optional<std::string>& source,
                                       const std::optional<std::string>& column) {
  std::vector<CatalogEntry> entries = catalog_entries(config);
  if (source) entries = {catalog_entry(config, *source)};
  if (source && !is_text_format(entries.front().source.format)) {
    throw Error(ErrorKind::kConfig,
                fmt::format("{} is neither CSV nor JSON: its files carry their types", *source),
                "name a source of text, or none for all of them");
  }
  if (column) check_column(entries.front(), *column);
  Engine engine(engine_settings(config));
  TextMemory& memory = *entries.front().memory;
  std::vector<AcceptedType> accepted;
  for (const CatalogEntry& entry : entries) {
    if (!is_text_format(entry.source.format)) continue;
    const std::string key = entry.remembered().source;
    const KnownShapes now = shapes_now(engine, entry);
    KnownShapes kept = memory.known(key);
    for (const DeclaredColumn& declared : entry.declared) {
      if (column && declared.name != *column) continue;
      const AcceptedType change{entry.name, declared.name, type_in(kept, declared.name),
                                type_in(now, declared.name)};
      kept.erase(declared.name);
      if (const auto found = now.find(declared.name); found != now.end()) kept.insert(*found);
      if (change.before != change.after) accepted.push_back(change);
    }
    memory.know(key, std::move(kept));
  }
  keep_text_memory(memory, config.runtime.output_root);
  return accepted;
}

}  // namespace daedalus
