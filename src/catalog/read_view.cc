// read_view(): the rows of a feature view, one an entity, as a training row gets them.
#include <arrow/api.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/embedded.h"
#include "base/template.h"
#include "catalog/catalog.h"
#include "catalog/catalog_entry.h"
#include "engine/quote.h"

namespace daedalus {

std::string latest_first(const FeatureView& view) {
  if (view.timestamp_field.empty()) return quote_identifier(view.entity);
  std::vector<std::string> keys{quote_identifier(view.timestamp_field) + " DESC NULLS LAST"};
  for (const std::string& feature : view.features) {
    if (feature != view.entity && feature != view.timestamp_field)
      keys.push_back(quote_identifier(feature) + " DESC NULLS LAST");
  }
  return fmt::format("{}", fmt::join(keys, ", "));
}

std::map<std::string, std::string> one_row_markers(const FeatureView& view,
                                                   const std::string& rows) {
  return {
      {"what",
       quote_text(fmt::format("the view {} has several rows of {} '", view.name, view.entity))},
      {"why", quote_text("', and no timestamp_field that says which is the latest: name one, or "
                         "leave one row")},
      {"entity", quote_identifier(view.entity)},
      {"view", rows}};
}

void check_one_row(Engine& engine, const FeatureView& view, const std::string& rows) {
  if (!view.timestamp_field.empty()) return;
  engine.query(
      fill_template(embedded_file("sql/skeleton/check_one_row.sql"), one_row_markers(view, rows)));
}

std::shared_ptr<arrow::Table> read_view(const Config& config, const std::string& name,
                                        const std::optional<std::vector<std::string>>& ids) {
  const CatalogEntry entry = catalog_entry(config, name);
  const auto found = config.views.find(name);
  if (found == config.views.end()) {
    throw Error(ErrorKind::kConfig, fmt::format("'{}' is no view but the {}", name, entry.kind),
                "name a file of catalog/views, without its ending");
  }
  const FeatureView& view = found->second;
  Engine engine(engine_settings(config), lance_sources_of({entry}));
  engine.create_view("view_rows", open_entry(engine, entry).select_all());
  check_one_row(engine, view, "view_rows");
  const std::string entity = quote_identifier(view.entity);
  std::string selected = fmt::format("SELECT DISTINCT {} FROM view_rows", entity);
  if (ids) {
    selected += fmt::format(" WHERE CAST({} AS VARCHAR) IN (SELECT unnest({}))", entity,
                            quote_text_list(*ids));
  }
  engine.create_view("selected_ids", selected);
  std::string features;
  for (const std::string& feature : view.features) {
    if (feature != view.entity) features += ", " + quote_identifier(feature);
  }
  return engine.table(fill_template(embedded_file("sql/skeleton/preload_filtered_features.sql"),
                                    {{"entity", entity},
                                     {"number", entity},
                                     {"features", features},
                                     {"view", "view_rows"},
                                     {"spine_ids", "selected_ids"},
                                     {"version", ""},
                                     {"latest_first", latest_first(view)}}) +
                      " ORDER BY " + entity);
}

}  // namespace daedalus
