// Which views rows are joined with by entity, and which of their versions a row shows.
#pragma once

#include <string>
#include <vector>

#include "daedalus/config.h"
#include "plan/row_columns.h"

namespace daedalus {

/// A view that a day looks up by the number of the row's user or artwork.
struct JoinedView {
  std::string name;
  std::string number;    ///< `__user` or `__item`.
  bool is_shown = true;  ///< Whether a row has columns of it, and not only lists.

  /// The relation of a sweep that has its latest rows.
  [[nodiscard]] std::string features() const { return "features_" + name; }
  /// The counts of a day: its rows that the view knows, and those published that are older than
  /// the version that they show.
  [[nodiscard]] std::string known_rows() const { return "known_rows_" + name; }
  [[nodiscard]] std::string newer_rows() const { return "newer_rows_" + name; }
};

/// The views of feature_refs, and those that static columns come from, by name.
std::vector<JoinedView> joined_views(const Config& config, const RowColumns& columns);

/// Whether a day counts the rows that `view` knows, for the warning empty-join.
bool counts_known_rows(const Config& config);

/// Whether a day counts the rows that show a version of `view` that is newer, for newer-features.
bool counts_newer_rows(const Config& config, const JoinedView& view);

}  // namespace daedalus
