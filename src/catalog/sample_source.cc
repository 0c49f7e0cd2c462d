// sample_source(): some rows of a source, always the same.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "catalog/catalog_entry.h"
#include "daedalus/catalog.h"
#include "engine/quote.h"

namespace daedalus {

std::shared_ptr<arrow::Table> sample_source(const Config& config, const std::string& name,
                                            std::int64_t rows) {
  const CatalogEntry entry = catalog_entry(config, name);
  Engine engine(engine_settings(config), lance_sources_of({entry}));
  const SourceRelation relation = open_entry(engine, entry);
  const std::string key = quote_identifier(entry.key);
  std::vector<std::string> order{
      fmt::format("event_tie(CAST({} AS VARCHAR), '') ASC NULLS LAST", key), key};
  if (!entry.time.empty()) order.push_back(quote_identifier(entry.time) + " DESC NULLS LAST");
  // What is left of the columns, so that the rows do not depend on how the source is read.
  for (const ColumnType& column : relation.columns()) {
    if (column.name != entry.key && column.name != entry.time)
      order.push_back(quote_identifier(column.name) + " DESC NULLS LAST");
  }
  return engine.table(fmt::format("SELECT * FROM ({}) ORDER BY {} LIMIT {}", relation.select_all(),
                                  fmt::join(order, ", "), rows));
}

}  // namespace daedalus
