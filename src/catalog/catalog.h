// The catalog of a run: every source that the configuration needs, resolved to files and typed
// columns.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/source_relation.h"
#include "daedalus/catalog.h"

namespace daedalus {

/// What to do about a source without files.
enum class MissingSources {
  kRefuse,  ///< Throw Error{kInput} with all of them: a run needs them.
  kAssume,  ///< Take its columns with assumed types: a plan can be checked without data.
};

/// Feed, views and pool of one configuration. Reads metadata only, once; a value after that.
class Catalog {
 public:
  /// Throws Error{kInput} when a needed source is missing (unless assumed), is not of the declared
  /// shape, or keys differ in kind; files that can't be read are found when something selects from
  /// them.
  Catalog(const Config& config, MissingSources missing);

  [[nodiscard]] const Config& config() const { return *config_; }
  /// The zone whose days are the feed's.
  [[nodiscard]] const TimeZone& day_zone() const { return day_zone_; }
  [[nodiscard]] const std::vector<FeedPartition>& partitions() const { return partitions_; }

  /// The feed: own columns, the passthrough and encoded columns and the session that exist; not
  /// encoded yet.
  [[nodiscard]] const SourceRelation& feed() const { return feed_; }
  /// The partitions that may hold rows in `interval`.
  [[nodiscard]] std::vector<FeedPartition> partitions_in(const Interval& interval) const;
  /// All rows of `partitions` that lie in their own partition.
  [[nodiscard]] std::string select_feed(const std::vector<FeedPartition>& partitions) const;
  /// The rows of `partitions` that lie in no partition: (partition_begin, place), where the place
  /// is null_time, before or after.
  [[nodiscard]] std::string select_unplaced(const std::vector<FeedPartition>& partitions) const;
  /// The session column, where the configuration names one and some file has it.
  [[nodiscard]] std::optional<std::string> session() const;
  /// The passthrough columns that some file has, as listed, and encoded ones.
  [[nodiscard]] std::vector<std::string> passthrough() const;

  /// The needed views: those of feature_refs, of windowed joins, and of static columns.
  [[nodiscard]] const std::map<std::string, SourceRelation>& views() const { return views_; }
  /// The embedding pool with the columns `key` and `vector`, where the coverage filter is enabled.
  [[nodiscard]] const std::optional<SourceRelation>& pool() const { return pool_; }
  /// What is known of text sources, with what this look at them has added.
  [[nodiscard]] const TextMemory& memory() const { return memory_; }
  /// A line for each source whose columns had to be assumed.
  [[nodiscard]] const std::vector<std::string>& assumptions() const { return assumptions_; }

 private:
  void open_feed(Engine& engine);
  void open_view(Engine& engine, const FeatureView& view);
  void open_pool(Engine& engine);
  void check_keys() const;
  [[nodiscard]] std::optional<std::string> spine_type(const std::string& column) const;
  void require(const SourceRelation& relation, const Source& source);

  const Config* config_;
  MissingSources missing_;
  TextMemory memory_;
  TimeZone day_zone_;
  std::vector<FeedPartition> partitions_;
  SourceRelation feed_;
  std::map<std::string, SourceRelation> views_;
  std::optional<SourceRelation> pool_;
  std::vector<Problem> missing_sources_;
  std::vector<std::string> assumptions_;
};

/// The type of encoded columns.
inline constexpr const char* kEncodedType = "INTEGER";

/// Whether `encodings` names the column.
bool is_encoded(const Feed& feed, const std::string& column);

/// Throws Error{kInput} when the key `what`, of type `type`, can't be compared with the feed's
/// column `spine_column`, of type `spine_type`.
void check_key(const std::string& what, const std::string& type, const std::string& spine_column,
               const std::string& spine_type);

/// The columns that the catalog declares for the feed.
std::vector<DeclaredColumn> declared_feed_columns(const Config& config);

/// The columns that the catalog declares for a view: entity, timestamp_field if any, then the
/// features in catalog order.
std::vector<DeclaredColumn> declared_view_columns(const Config& config, const FeatureView& view);

/// The order in which an entity's latest row is first: an ORDER BY of a view's columns. Without
/// `timestamp_field` an entity has one row, which check_one_row.sql sees to.
std::string latest_first(const FeatureView& view);

/// The markers of check_one_row.sql for `view`, whose rows are those of `rows`, a FROM item.
std::map<std::string, std::string> one_row_markers(const FeatureView& view,
                                                   const std::string& rows);

/// Throws Error{kInput} when `view` has no `timestamp_field` and several rows of an entity.
void check_one_row(Engine& engine, const FeatureView& view, const std::string& rows);

}  // namespace daedalus
