#include "plan/fetched_columns.h"

#include <algorithm>

#include "catalog/type_text.h"
#include "plan/list_columns.h"
#include "plan/row_rules.h"

namespace daedalus {
namespace {

using Origin = RowColumn::Origin;

std::set<std::string> columns_that_steps_read(const Config& config) {
  std::set<std::string> names = columns_in_rules(config);
  for (const AgeColumn& age : config.runtime.age_columns) names.insert(age.since);
  return names;
}

// What lists read of a row by its value. The own value of an item's column, and a key that is an
// entity, they know by number.
std::set<std::string> columns_that_lists_read(const Config& config, const RowColumns& columns) {
  std::set<std::string> names = own_columns(config, columns);
  for (const WindowedJoin& join : config.windowed_joins) {
    if (!number_of_key(config, join).empty()) continue;
    for (const JoinKey& key : join.on) names.insert(key.spine_column);
  }
  return names;
}

// The names as the columns have them.
std::set<std::string> found(const RowColumns& columns, const std::set<std::string>& names) {
  std::set<std::string> found;
  for (const std::string& name : names) {
    if (const RowColumn* column = columns.find(name)) found.insert(column->name);
  }
  return found;
}

}  // namespace

FetchedColumns::FetchedColumns(const Config& config, const RowColumns& columns, bool sql_is_edited)
    : config_(config),
      columns_(columns),
      read_(found(columns, columns_that_steps_read(config))),
      read_by_lists_(found(columns, columns_that_lists_read(config, columns))) {
  for (const RowColumn& column : columns.all()) {
    if (sql_is_edited) {
      read_.insert(column.name);
      read_by_lists_.insert(column.name);
    } else if (!number_of(column).empty() && !is_curated(config, column.name) &&
               normalised_type(column.type) == column.type) {
      of_entities_.insert(column.name);
    }
  }
}

std::vector<RowColumn> FetchedColumns::joined_features() const {
  std::vector<RowColumn> joined;
  for (const RowColumn& column : columns_.all()) {
    const bool is_in_rows =
        column.origin == Origin::kStatic && read_by_lists_.contains(column.name);
    const bool is_of_view = column.origin == Origin::kStatic || column.origin == Origin::kFeature;
    if (is_of_view && !is_in_rows &&
        (read_.contains(column.name) || !of_entities_.contains(column.name))) {
      joined.push_back(column);
    }
  }
  return joined;
}

std::vector<RowColumn> FetchedColumns::static_columns_of_rows() const {
  std::vector<RowColumn> columns = columns_.of(Origin::kStatic);
  std::erase_if(columns,
                [&](const RowColumn& column) { return !read_by_lists_.contains(column.name); });
  return columns;
}

std::vector<std::string> FetchedColumns::unread_ids() const {
  std::vector<std::string> ids{config_.feed.keys.user, config_.feed.keys.item};
  std::erase_if(ids, [&](const std::string& id) {
    return !of_entities_.contains(id) || read_.contains(id) || read_by_lists_.contains(id);
  });
  return ids;
}

std::string FetchedColumns::number_of(const RowColumn& column) const {
  switch (column.origin) {
    case Origin::kFeed:
      // An id of text alone is the entity's to the byte: numbers are equal that look different.
      if (column.type != "VARCHAR") return "";
      return number_of_id(config_.feed.keys, column.name);
    case Origin::kStatic:
    case Origin::kFeature:
      return number_of_id(config_.feed.keys, config_.views.at(column.view).entity);
    default:
      return "";
  }
}

}  // namespace daedalus
