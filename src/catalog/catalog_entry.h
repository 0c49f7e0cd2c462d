// One source of the catalog by the name that users give it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "catalog/source_relation.h"

namespace daedalus {

/// A source, its declared columns, and which of these say whose row it is and from when.
struct CatalogEntry {
  std::string name;  ///< "feed", "embedding_pool" or the view's name.
  std::string kind;  ///< "feed", "feature view" or "embedding pool".
  Source source;
  std::vector<DeclaredColumn> declared;
  std::string key;   ///< The view's entity, the pool's key, the feed's user.
  std::string time;  ///< The view's timestamp_field, the feed's time; empty for the pool.
  PathColumns path_columns;
  std::shared_ptr<TextMemory> memory;  ///< Of the configuration's output_root.

  /// Its part in the memory of text sources.
  [[nodiscard]] Remembered remembered() const;
};

/// All sources of the configuration: the feed, the views by name, the pool.
std::vector<CatalogEntry> catalog_entries(const Config& config);

/// The source of that name. Throws Error{kConfig} when there is none, with the nearest name.
CatalogEntry catalog_entry(const Config& config, const std::string& name);

/// The files at the entry's path; of the feed those that belong to a partition.
std::vector<Dataset> datasets_of(Engine& engine, const CatalogEntry& entry);

/// What an Engine that is to read the entries has to know of Lance; see Engine.
std::string lance_sources_of(const std::vector<CatalogEntry>& entries);

/// The entry as a relation that `engine` can read. Throws Error{kInput} when no file stands at its
/// path, or a file can't be read or is of another shape.
SourceRelation open_entry(Engine& engine, const CatalogEntry& entry);

}  // namespace daedalus
