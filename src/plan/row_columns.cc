#include "plan/row_columns.h"

#include <algorithm>

#include "catalog/type_text.h"
#include "config/problems.h"

namespace daedalus {
namespace {

using Origin = RowColumn::Origin;

}  // namespace

RowColumns::RowColumns(const Catalog& catalog) {
  const Config& config = catalog.config();
  for (const DeclaredColumn& declared : declared_feed_columns(config)) {
    const std::string* type = catalog.feed().type_of(declared.name);
    if (is_encoded(config.feed, declared.name)) {
      add({declared.name, kEncodedType, Origin::kFeed, ""});
    } else if (type != nullptr) {
      add({declared.name, *type, Origin::kFeed, ""});
    }
  }
  for (const AggregationSpec& spec : config.aggregation_specs) {
    if (spec.agg == AggregationSpec::Agg::kCount || find(spec.column) != nullptr) continue;
    const FeatureView* view = config.static_view(spec.column);
    if (view == nullptr) continue;  // a passthrough column that the feed does not have
    add({spec.column, *catalog.views().at(view->name).type_of(spec.column), Origin::kStatic,
         view->name});
  }
  for (const std::string& name : config.runtime.feature_refs) {
    for (const std::string& feature : config.views.at(name).features) {
      if (find(feature) == nullptr)
        add({feature, *catalog.views().at(name).type_of(feature), Origin::kFeature, name});
    }
  }
  for (const AggregationSpec& spec : config.aggregation_specs) {
    std::string type = "BIGINT";
    if (spec.agg == AggregationSpec::Agg::kList) {
      const RowColumn* column = find(spec.column);
      if (column == nullptr) continue;
      type = (spec.flatten_distinct ? element_type(column->type) : column->type) + "[]";
    }
    for (const std::string& output : spec.output_names())
      add({output, type, Origin::kAggregation, ""});
  }
  for (const WindowedJoin& join : config.windowed_joins) {
    add({join.name, *catalog.views().at(join.view).type_of(join.value) + "[]",
         Origin::kWindowedJoin, ""});
  }
  for (const AgeColumn& age : config.runtime.age_columns)
    add({age.name, "BIGINT", Origin::kAge, ""});
}

void RowColumns::add(RowColumn column) { columns_.push_back(std::move(column)); }

std::vector<RowColumn> RowColumns::of(Origin origin) const {
  std::vector<RowColumn> found;
  std::ranges::copy_if(columns_, std::back_inserter(found),
                       [&](const RowColumn& c) { return c.origin == origin; });
  return found;
}

const RowColumn* RowColumns::find(const std::string& name) const {
  const auto found = std::ranges::find_if(
      columns_, [&](const RowColumn& column) { return config::same_name(column.name, name); });
  return found == columns_.end() ? nullptr : &*found;
}

std::string number_of_id(const FeedKeys& keys, const std::string& name) {
  return name == keys.user ? "__user" : name == keys.item ? "__item" : "";
}

}  // namespace daedalus
