// Which columns a row has of its own, and which are its user's or artwork's and fetched by number.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "daedalus/config.h"
#include "plan/row_columns.h"

namespace daedalus {

/// The choice between joining a column to the day's rows and fetching it when they are written.
/// What a step reads is joined. All is, if somebody edited the SQL: who knows what it reads or
/// changes.
class FetchedColumns {
 public:
  FetchedColumns(const Config& config, const RowColumns& columns, bool sql_is_edited);

  /// The columns that can be fetched, also those that are joined as well since a step reads them.
  [[nodiscard]] const std::set<std::string>& of_entities() const { return of_entities_; }

  /// The features and static columns that are joined to the rows after the session filter.
  [[nodiscard]] std::vector<RowColumn> joined_features() const;

  /// The static columns that rows have before: those that lists need of a row.
  [[nodiscard]] std::vector<RowColumn> static_columns_of_rows() const;

  /// The ids of user and artwork that rows need not have, since they have their numbers.
  [[nodiscard]] std::vector<std::string> unread_ids() const;

  /// The number by which a column is fetched: `__user` or `__item`; empty when it is the row's own.
  [[nodiscard]] std::string number_of(const RowColumn& column) const;

 private:
  const Config& config_;
  const RowColumns& columns_;
  std::set<std::string> of_entities_;
  std::set<std::string> read_;           // by a rule, an age or a cast
  std::set<std::string> read_by_lists_;  // as the key of a windowed join or for exclude_self
};

}  // namespace daedalus
