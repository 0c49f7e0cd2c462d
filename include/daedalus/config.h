// The configuration as plain structs: what config/ can say, after defaults, ${ENV} and --set.
// No YAML type leaves src/config/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "daedalus/error.h"

namespace daedalus {

/// A YAML value that becomes an SQL literal: null, a scalar, or a list of literals. A quoted YAML
/// scalar is text; a plain one is a BIGINT, DOUBLE or BOOLEAN where it reads as one.
struct Literal {
  using List = std::vector<Literal>;
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List> value;

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(value); }
  bool operator==(const Literal&) const = default;
};

/// A length of time: a positive integer and one of `s m h d`.
struct Duration {
  std::int64_t micros = 0;  ///< Microseconds, > 0.
  std::string text;         ///< As written, e.g. "7d".
  bool operator==(const Duration&) const = default;
};

enum class SourceFormat { kParquet, kCsv, kJson, kLance };

/// Where rows come from. `path` may hold wildcards (`*`, `**`, `?`, `[…]`), and in the feed the
/// partition fields {YYYYMM}, {YYYY}, {MM}, {DD}; relative paths are relative to the working
/// directory.
struct Source {
  SourceFormat format = SourceFormat::kParquet;
  std::string path;
  std::map<std::string, std::string> types;  ///< Source column to SQL type; CSV and JSON only.
  std::vector<std::string> null_values;      ///< Whole fields that mean NULL; CSV only.
  std::string time_zone = "UTC";             ///< IANA zone of naive times in this source.
};

/// How the values of a column become instants, where they are no timestamps.
struct TimeForm {
  enum class Kind { kEpochS, kEpochMs, kEpochUs, kEpochNs, kIso8601, kStrptime };
  Kind kind = Kind::kIso8601;
  std::string format;  ///< kStrptime: DuckDB's format, e.g. "%d/%m/%Y %H:%M".
};

/// A source whose columns have names and times of their own. All names here but the values of
/// `columns` are ours.
struct MappedSource {
  Source source;
  std::map<std::string, std::string>
      columns;                            ///< Our column name to the source's, where they differ.
  std::map<std::string, TimeForm> times;  ///< Columns whose values are times in another form.
  std::vector<std::string> path_columns;  ///< Taken from directories `name=value` of the path.

  /// The source's name of the column that we call `name`.
  [[nodiscard]] const std::string& source_name(const std::string& name) const {
    const auto renamed = columns.find(name);
    return renamed == columns.end() ? name : renamed->second;
  }
};

/// How a feed column becomes an INTEGER. Absent, NULL and unknown values become 0.
struct Encoding {
  enum class Kind { kIso3166Numeric, kEnum };
  std::string column;
  Kind kind = Kind::kEnum;
  std::vector<std::pair<std::string, std::int32_t>> members;  ///< kEnum: exact name to number.
};

/// What the configuration calls the feed's own four columns; every other place uses these names.
struct FeedKeys {
  std::string user = "user_id";
  std::string item = "artwork_id";
  std::string time = "event_timestamp";
  std::string event = "event";

  /// The four names in this order.
  [[nodiscard]] std::vector<std::string> names() const { return {user, item, time, event}; }
};

/// The raw interaction feed.
struct Feed : MappedSource {
  FeedKeys keys;
  std::string day_zone = "UTC";          ///< IANA zone whose midnight begins a day.
  std::vector<std::string> passthrough;  ///< In order; each optional in the source.
  std::optional<std::string> session;    ///< The session column, optional in the source.
  std::vector<Encoding> encodings;       ///< In the order of the file.
};

/// A feature view: versions of an entity's features, of which the latest counts.
struct FeatureView : MappedSource {
  std::string name;
  std::string entity;           ///< The feed's `keys.user` or `keys.item`.
  std::string timestamp_field;  ///< The greatest wins; NULL is oldest. Empty: one row per entity.
  std::vector<std::string> features;
};

/// The Lance (or other) dataset of embeddings that the coverage filter looks into.
struct EmbeddingPool {
  Source source;
  std::string key;
  std::string vector;
};

/// One rolling point-in-time aggregation over a user's events; see `aggregate_pit_table`.
struct AggregationSpec {
  enum class Agg { kList, kCount };
  enum class Order { kNewestFirst, kOldestFirst };
  std::string name;
  Agg agg = Agg::kList;
  std::string column;  ///< Empty for kCount.
  std::vector<std::string> events;
  std::vector<Duration> windows;  ///< Empty when `cumulative`.
  bool cumulative = false;        ///< No lower bound.
  bool exclude_self = false;
  bool flatten_distinct = false;
  bool distinct = false;
  std::optional<std::int64_t> max_length;
  Order order = Order::kNewestFirst;

  /// The columns that this aggregation yields: `{name}_{window}`, or `{name}` when cumulative.
  [[nodiscard]] std::vector<std::string> output_names() const;
};

/// One pair of `on`: the view's column equals the spine's.
struct JoinKey {
  std::string view_column;
  std::string spine_column;
  bool operator==(const JoinKey&) const = default;
};

/// The values of a view whose key equals the row's and whose time lies in `[t - window, t)`.
struct WindowedJoin {
  std::string name;
  std::string view;
  std::vector<JoinKey> on;  ///< All must be equal; NULL equals nothing. Not empty.
  std::string time;
  std::string value;
  Duration window;
  std::optional<std::int64_t> max_length;
};

/// Whole units from `since` to the row's time, rounded down, never below 0.
struct AgeColumn {
  std::string name;
  std::string since;
  Duration unit;  ///< 1s, 1m, 1h or 1d.
};

/// One column and the literal it is compared with or set to.
struct ColumnLiteral {
  std::string column;
  Literal literal;
};

/// All of `when` must hold, then each of `set` is assigned.
struct CurationRule {
  std::vector<ColumnLiteral> when;
  std::vector<ColumnLiteral> set;
};

/// All must match; then the row is dropped.
using FilterRule = std::vector<ColumnLiteral>;

/// A column of the output. The default applies when no step makes the column.
struct OutputColumn {
  std::string name;
  std::optional<Literal> default_value;
  std::optional<std::string> default_sql;
  std::optional<std::string> type;  ///< SQL type that the column is cast to.
};

struct EmbeddingCoverageFilter {
  bool enabled = true;
  bool all_events = false;          ///< `events: all`.
  std::vector<std::string> events;  ///< Empty when all_events.
};

struct SessionFilter {
  bool drop_view_only = false;
  bool drop_single_like = false;
  std::vector<std::string> view_events;
  std::vector<std::string> like_events;
};

/// A calendar month, `year * 100 + month`, e.g. 202605.
using YearMonth = std::int32_t;

/// What a warning does: told, failing the day before it is published, or nothing.
enum class WarningPolicy { kWarn, kError, kIgnore };

/// training/runtime.yaml: the knobs of the skeleton stage.
struct Runtime {
  YearMonth feed_start = 0;
  YearMonth feed_end = 0;        ///< 0 where `feed_end_latest`.
  bool feed_end_latest = false;  ///< `feed_end: latest`, the newest month that has rows.
  std::map<std::string, WarningPolicy> warnings;  ///< By name; `warn` where not named.
  std::int64_t entity_spine_chunk_rows = 0;
  int day_workers = 1;
  std::filesystem::path output_root;
  double max_invalid_fraction = 0;
  std::string engine;                                ///< compute.engine: duckdb | native | polars.
  std::map<std::string, std::string> duckdb_config;  ///< DuckDB setting to value.
  std::vector<std::string> feature_refs;             ///< View names, each once, in order.
  EmbeddingCoverageFilter embedding_coverage_filter;
  SessionFilter session_filter;
  std::vector<AgeColumn> age_columns;
  std::vector<CurationRule> curation;
  std::vector<FilterRule> content_filter;
  std::vector<OutputColumn> output_columns;

  /// What the warning `name` does.
  [[nodiscard]] WarningPolicy policy_of(const std::string& name) const;
};

/// One effective leaf value of the configuration and where it came from.
struct EffectiveValue {
  std::string key;    ///< "runtime.compute.duckdb_config.threads", "views.user_profile.entity", ...
  std::string value;  ///< As YAML flow text.
  SourceLocation origin;  ///< The file and line, "--set", or "default" (the shipped file and line).
  bool is_default = false;
  /// The key that a file gives as a whole and that holds this one: a list, a mapping whose keys are
  /// the user's own, or this key itself.
  std::string setting;
  bool setting_equals_default = false;  ///< Wherever it was written.
};

/// The whole configuration, valid: every name in it resolves and no two columns of a row collide.
struct Config {
  Feed feed;
  std::map<std::string, FeatureView> views;  ///< Every file of catalog/views/, by name.
  std::optional<EmbeddingPool>
      embedding_pool;  ///< Always there when the coverage filter is enabled.
  std::vector<AggregationSpec> aggregation_specs;
  std::vector<WindowedJoin> windowed_joins;
  Runtime runtime;
  std::vector<EffectiveValue> effective;  ///< For `daeda config show`, in file order.
  std::filesystem::path dir;              ///< What load_config() was given.
  std::vector<std::string> overrides;     ///< The same.

  /// The place where `key` (a key of `effective`, or a prefix of one such as
  /// "runtime.output_columns[3]") was written; an empty location when unknown.
  [[nodiscard]] SourceLocation where(const std::string& key) const;

  /// The view that supplies `column` to the spine before the rolling step, or null when `column`
  /// is a feed column. Unique in a valid configuration.
  [[nodiscard]] const FeatureView* static_view(const std::string& column) const;
};

/// Reads `dir` (training/runtime.yaml, training/aggregations.yaml, catalog/feed.yaml,
/// catalog/embedding_pool.yaml, catalog/views/*.yaml), fills in the shipped defaults, expands
/// ${ENV} in paths, applies `overrides` ("a.b=c", the value read as YAML) and validates the whole.
///
/// Throws Error{kConfig} with every problem found, each with file, line and fix.
Config load_config(const std::filesystem::path& dir,
                   const std::vector<std::string>& overrides = {});

}  // namespace daedalus
