// Which columns a row has, of which type, and which step makes them.
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"

namespace daedalus {

/// A column of the full row.
struct RowColumn {
  enum class Origin { kFeed, kStatic, kFeature, kAge, kAggregation, kWindowedJoin };
  std::string name;
  std::string type;
  Origin origin = Origin::kFeed;
  std::string view;  ///< For kStatic and kFeature.
};

/// The columns of the full row, in the order in which the steps make them.
class RowColumns {
 public:
  explicit RowColumns(const Catalog& catalog);

  [[nodiscard]] const std::vector<RowColumn>& all() const { return columns_; }
  [[nodiscard]] std::vector<RowColumn> of(RowColumn::Origin origin) const;
  /// The column of that name (case-insensitive, as DuckDB has it), or null.
  [[nodiscard]] const RowColumn* find(const std::string& name) const;

 private:
  void add(RowColumn column);

  std::vector<RowColumn> columns_;
};

/// The column with the number of the entity whose id is the column `name`: `__user` or `__item`;
/// empty where `name` is no id.
std::string number_of_id(const FeedKeys& keys, const std::string& name);

}  // namespace daedalus
