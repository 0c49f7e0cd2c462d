// What the plan of a sweep and that of a day are both made of.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "plan/row_columns.h"

namespace daedalus {

/// Makes relations and pieces of SQL; a base of planners.
class PlanParts {
 public:
  PlanParts(const Catalog& catalog, const SqlLibrary& sql, const RowColumns& columns)
      : catalog_(catalog), config_(catalog.config()), sql_(sql), columns_(columns) {}

 protected:
  /// The relation `name` made by the SELECT of stage file `file`.
  [[nodiscard]] Relation relation(const std::string& name, Relation::Form form,
                                  const std::string& file,
                                  const std::map<std::string, std::string>& markers = {}) const;
  [[nodiscard]] Relation relation_of(const std::string& name, Relation::Form form,
                                     const std::string& file, std::string select) const;

  /// Makes `stage` read the source `name`, which `plan` gets as an input.
  void read_feed(StagePlan& plan, Stage& stage, const std::vector<FeedPartition>& partitions) const;
  void read_unplaced(StagePlan& plan, Stage& stage,
                     const std::vector<FeedPartition>& partitions) const;
  void read_view(StagePlan& plan, Stage& stage, const std::string& view) const;
  void read_pool(StagePlan& plan, Stage& stage) const;

  /// Events with their encoded columns as numbers.
  [[nodiscard]] Relation encode_feed_columns(const std::string& events) const;
  /// Step 4, on the relation `events`, for the static columns `statics`.
  [[nodiscard]] Relation enrich_spine_for_rolling(const std::string& events,
                                                  const std::vector<RowColumn>& statics) const;
  /// A LEFT JOIN of the features of each of `views` to the relation `rows`.
  [[nodiscard]] std::string feature_joins(const std::set<std::string>& views,
                                          const std::string& rows) const;
  /// The columns of the total order of a user's events.
  [[nodiscard]] std::vector<std::string> order_columns() const;
  /// The total order itself, each key with `direction`.
  [[nodiscard]] std::string total_order(const std::string& direction) const;
  /// The key of a windowed join as one value, on the side of the view or of the spine.
  [[nodiscard]] static std::string key_of(const WindowedJoin& join, std::string JoinKey::*side);

  const Catalog& catalog_;
  const Config& config_;
  const SqlLibrary& sql_;
  const RowColumns& columns_;

 private:
  static void read(StagePlan& plan, Stage& stage, PlanInput input, bool is_lance);
};

/// The feed as an input, restricted to `partitions`.
PlanInput feed_input(const Catalog& catalog, const std::vector<FeedPartition>& partitions);

/// The rows of `partitions` that belong to no day, as an input.
PlanInput unplaced_input(const Catalog& catalog, const std::vector<FeedPartition>& partitions);

/// `keys`, each followed by `direction`, as in ORDER BY.
std::string ordered(std::vector<std::string> keys, const std::string& direction);

/// The events that some aggregation counts, in byte order.
std::vector<std::string> aggregated_events(const Config& config);

/// The events that cumulative aggregations count, in byte order.
std::vector<std::string> cumulative_events(const Config& config);

/// Variables about events that the plan of a sweep and that of a day both set.
void add_event_variables(const Config& config, StagePlan& plan);

}  // namespace daedalus
