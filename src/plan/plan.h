// The plan of one target day: a value that can be printed, bound on empty relations, or run.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/day.h"
#include "catalog/catalog.h"
#include "daedalus/check.h"
#include "daedalus/pit_table.h"
#include "engine/engine.h"
#include "plan/joined_views.h"
#include "plan/sql_library.h"

namespace daedalus {

/// A SELECT that a stage gives a name to.
struct Relation {
  enum class Form {
    kView,         ///< Part of what reads it.
    kTable,        ///< Kept by the stage's engine: read several times there.
    kFile,         ///< A Parquet file in the work directory; later stages read it.
    kOrderedFile,  ///< As kFile; its order means something, and its readers see the row number as
                   ///< `__row`.
    kHeld,         ///< An Arrow table in memory, in its order, while it is small; else as
                   ///< kOrderedFile.
    kCounts,       ///< Rows (reason, rows), kept for the accounting.
  };
  std::string name;
  Form form = Form::kView;
  std::string sql_file;  ///< Where its SELECT stands; empty when the plan made it itself.
  std::string sql;       ///< The SELECT, over inputs and earlier relations.
  bool edited = false;   ///< Whether somebody edited the file: what is wrong in it is theirs.
};

/// A run of relations in one engine: what they keep there goes with it.
struct Stage {
  std::string name;
  std::vector<Relation> relations;
  std::vector<std::string> inputs;         ///< The sources that it reads.
  std::vector<std::string> lance_sources;  ///< Those of them that are Lance datasets, for messages.
};

/// One file or Lance dataset of an input, read by itself to find the one that can't be.
struct PlanDataset {
  std::string path;
  std::string select;
};

/// A source of the catalog under the name by which stages read it.
struct PlanInput {
  std::string name;
  std::string select;
  std::string select_empty;
  std::string source;                 ///< What it is and where, for messages.
  std::vector<PlanDataset> datasets;  ///< What `select` reads, one by one.
};

/// One use of aggregate_pit_table: which relation holds the events, and which column of the rows is
/// the key.
struct PitUse {
  std::string
      name;  ///< Of the relation that it makes when its columns are needed before the output.
  std::string events;
  std::string items;  ///< The relation of the items; empty when the events have all columns.
  std::vector<std::string> event_names;
  std::string key_column;
  std::vector<PitSpec> specs;
  std::vector<std::string> own_of_item;  ///< As PitTable::own_of_item.
  bool rows_by_key = false;              ///< As PitTable::rows_by_key.

  /// The columns that it needs of a row: the key, and for exclude_self `__item` and
  /// `__own_{column}`.
  [[nodiscard]] std::vector<std::string> row_columns() const;
};

/// Where a column of the output comes from.
struct OutputItem {
  enum class Source {
    kRow,     ///< A column of published_rows.
    kEntity,  ///< A column of the row's user or artwork, fetched by number.
    kList,    ///< A column that aggregate_pit_table makes last.
    kQid,     ///< The session's number.
  };
  std::string name;
  Source source = Source::kRow;
  std::string cast_type;  ///< Only for kQid, where a type was asked for.
};

/// Columns of the output that users, or artworks, have: no step reads them row by row, so they are
/// neither joined nor sorted with the rows, but fetched by number when these are written.
struct EntityColumns {
  std::string relation;  ///< Of the sweep, of form kHeld: its rows are numbers 0, 1, 2, …
  std::string number;    ///< `__user` or `__item`: a column of published_rows.
  bool rows_by_number;   ///< Whether published_rows is in the order of the number.
  std::string select;    ///< Makes the relation.
};

/// Names and SQL expressions of variables.
using Variables = std::vector<std::pair<std::string, std::string>>;

/// Stages in the order in which they run, and what they read.
struct StagePlan {
  std::vector<PlanInput> inputs;
  Variables variables;
  std::vector<Stage> stages;
};

/// What the days `first` to `last` share: the numbers of their users and artworks, the latest rows
/// of feature views, the users' histories. What it makes is read by each of these days.
struct SweepPlan : StagePlan {
  Day first;
  Day last;
};

/// What a day needs besides what it shares with others. `early` runs before the stage
/// `published_rows`, `late` after all.
struct Plan : StagePlan {
  Day day;
  Variables day_variables;  ///< Those that differ from day to day.
  std::string in_history;   ///< Of a rolling event of the sweep: whether the day may count it.
  std::vector<PitUse> early;
  std::vector<PitUse> late;
  std::vector<OutputItem> output;
  std::vector<EntityColumns> entity_columns;
  std::optional<std::string> session;          ///< The session column, when the feed has one.
  std::vector<std::string> aggregated_events;  ///< That some aggregation counts, in byte order.
  std::vector<std::string>
      encoded;  ///< Encoded columns; each has counts `unknown_{column}` where the feed has it.
  std::size_t filter_rules = 0;
  std::vector<JoinedView> joined_views;
};

/// The input that is the feed.
inline constexpr const char* kRawFeed = "raw_feed";

/// Of a sweep: counts of the feed's rows that belong to no day, "BEGIN null_time", "BEGIN before"
/// and "BEGIN after" of each partition, by the instant at which it begins.
inline constexpr const char* kUnusedRows = "unused_rows";

/// What DayRun narrows to the events of its day.
inline constexpr const char* kRollingEvents = "rolling_events";

/// The stage that counts the day's own rows: the first, so that a day in doubt is not computed.
inline constexpr const char* kFeedDay = "feed_day";

/// The stage before which `early` aggregations run.
inline constexpr const char* kPublishedRows = "published_rows";

/// The longest window of the aggregations, rounded up to whole days of 24 hours.
std::chrono::days lookback(const Config& config);

/// The spine of `day`: from the start of the lookback, elapsed time before the day begins, to the
/// end of the day.
Interval spine_of(const Catalog& catalog, Day day);

/// The feed partitions that the days `first` to `last` read: those of their spines, and older ones
/// where an aggregation is cumulative.
std::vector<FeedPartition> partitions_for(const Catalog& catalog, Day first, Day last);

/// Makes the plan of `day`. Throws Error{kConfig} with all problems that only the data's columns
/// and types can show (an output column that no step makes, a literal of another type than its
/// column, a default_sql that is no constant expression).
Plan make_plan(const Catalog& catalog, const SqlLibrary& sql, Day day);

/// The same plan for another day: days differ in their dates and in the feed's partitions alone.
/// Throws Error{kInput} when a partition is unreadable.
Plan plan_for(Plan plan, const Catalog& catalog, Day day);

/// Makes the plan of what the days `first` to `last` share; `any_day`: of one of them. Throws
/// Error{kInput} when a partition that they read is unreadable.
SweepPlan make_sweep_plan(const Catalog& catalog, const SqlLibrary& sql, const Plan& any_day,
                          Day first, Day last);

/// Binds all relations of a sweep and of a day on empty typed inputs; see check_skeleton_stage().
std::vector<BoundRelation> bind_plan(const SweepPlan& sweep, const Plan& plan,
                                     const std::map<std::string, std::string>& duckdb_config);

/// SELECT of the rows of a PitUse from the relation `rows` (target_rows or published_rows, read as
/// `select`).
std::string pit_rows_select(const PitUse& use, const std::string& select);

}  // namespace daedalus
