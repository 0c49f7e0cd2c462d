// What one part of the configuration says of another: every name resolves, no two columns collide.
#include <algorithm>
#include <functional>
#include <map>

#include "config/columns.h"

namespace daedalus::config {
namespace {

std::string item(const std::string& key, std::size_t index) {
  return key + "[" + std::to_string(index) + "]";
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& other) { return same_name(other, name); });
}

class Checker {
 public:
  explicit Checker(Draft& draft) : draft_(draft), config_(draft.config), columns_(draft) {}

  void run() {
    check_views();
    // The first, so that it is the other one of its name that is found at fault.
    if (config_.feed.session) {
      columns_.add("qid", kQid, "the numbering of sessions", "feed.session");
    }
    add_feed();
    check_mappings();
    add_static_columns();
    add_features();
    add_aggregations();
    add_joins();
    add_ages();
    check_ages();
    check_joins();
    check_rules();
    check_outputs();
  }

 private:
  // ---- Columns, in the order in which the steps make them -------------------------------------

  void check_views() {
    std::map<std::string, std::string> names;
    for (const auto& [name, view] : config_.views) {
      const std::string key = "views." + name;
      if (const auto [other, is_new] = names.try_emplace(lower(name), name); !is_new) {
        draft_.complain(key, "the name differs from the view " + other->second + " in case only",
                        "rename one of them");
      }
      SeenNames seen;
      for (std::size_t i = 0; i < view.features.size(); ++i) {
        if (seen.repeats(view.features[i])) {
          draft_.complain(item(key + ".features", i),
                          "the feature '" + view.features[i] + "' is listed twice", "remove one");
        } else if (!view.entity.empty() && same_name(view.features[i], view.entity)) {
          draft_.complain(item(key + ".features", i),
                          "the view's entity '" + view.entity + "' is no feature", "remove it");
        }
      }
    }
  }

  void add_feed() {
    Feed& feed = config_.feed;
    const FeedKeys& keys = feed.keys;
    columns_.add(keys.user, kFeed, "the feed", "feed.keys.user");
    columns_.add(keys.item, kFeed, "the feed", "feed.keys.item");
    columns_.add(keys.time, kFeed, "the feed", "feed.keys.time");
    columns_.add(keys.event, kFeed, "the feed", "feed.keys.event");
    for (std::size_t i = 0; i < feed.passthrough.size(); ++i) {
      columns_.add(feed.passthrough[i], kFeed, "the feed", item("feed.passthrough", i));
    }
    if (feed.session) columns_.add(*feed.session, kFeed, "the feed", "feed.session");
    SeenNames encoded;
    for (Encoding& encoding : feed.encodings) {
      const std::string key = "feed.encodings." + encoding.column;
      const bool is_repeated = encoded.repeats(encoding.column);
      const bool is_session = feed.session && same_name(encoding.column, *feed.session);
      if (is_session || contains(feed.keys.names(), encoding.column)) {
        draft_.complain(key, "the keys, the time, the event and the session can't be encoded",
                        "remove it");
      } else if (is_repeated) {
        draft_.complain(key, "the column '" + encoding.column + "' is encoded twice", "remove one");
      } else if (columns_.has(encoding.column, kFeed)) {
        columns_.resolve(encoding.column, kFeed, key);
      } else {
        columns_.add(encoding.column, kFeed, "the feed", key);
      }
    }
  }

  // ---- What sources call their columns, by our names -------------------------------------------

  using Resolve = std::function<void(std::string& name, const std::string& key)>;

  void check_mappings() {
    check_mapping(config_.feed, "feed", [this](std::string& name, const std::string& key) {
      columns_.resolve(name, kFeed, key);
    });
    for (auto& [name, view] : config_.views) {
      const FeatureView& of = view;
      check_mapping(view, "views." + name,
                    [this, &of](std::string& column, const std::string& key) {
                      resolve_in_view(column, of, key);
                    });
    }
  }

  void check_mapping(MappedSource& source, const std::string& key, const Resolve& resolve) {
    resolve_keys(source.columns, key + ".columns", resolve);
    resolve_keys(source.times, key + ".times", resolve);
    SeenNames seen;
    for (std::size_t i = 0; i < source.path_columns.size(); ++i) {
      std::string& name = source.path_columns[i];
      resolve(name, item(key + ".path_columns", i));
      if (seen.repeats(name)) {
        draft_.complain(item(key + ".path_columns", i), "the column '" + name + "' is listed twice",
                        "remove one");
      }
    }
  }

  // Puts the declared spelling in place of each of our names.
  template <typename Given>
  void resolve_keys(std::map<std::string, Given>& given, const std::string& key,
                    const Resolve& resolve) {
    std::map<std::string, Given> resolved;
    for (const auto& [ours, value] : given) {
      const std::string place = key + "." + ours;
      std::string name = ours;
      resolve(name, place);
      if (!resolved.try_emplace(name, value).second)
        draft_.complain(place, "the column '" + name + "' is given twice", "remove one");
    }
    given = std::move(resolved);
  }

  // The views of artworks with the feature `column`.
  [[nodiscard]] std::vector<const FeatureView*> artwork_views(const std::string& column) const {
    std::vector<const FeatureView*> views;
    for (const auto& [name, view] : config_.views) {
      if (view.entity == config_.feed.keys.item && contains(view.features, column))
        views.push_back(&view);
    }
    return views;
  }

  void unknown_spec_column(const std::string& column, const std::string& key) const {
    if (columns_.is_excused(column)) return;
    std::vector<std::string> candidates = columns_.names(kFeed);
    for (const auto& [name, view] : config_.views) {
      if (view.entity != config_.feed.keys.item) continue;
      candidates.insert(candidates.end(), view.features.begin(), view.features.end());
    }
    draft_.complain(key,
                    "the column '" + column +
                        "' is neither a column of the feed nor a feature of a view of " +
                        config_.feed.keys.item,
                    did_you_mean(column, candidates));
  }

  // Resolves a spec's column; without `is_used` it is looked at and no more.
  void add_static_column(std::string& column, const std::string& key, bool is_used) {
    if (column.empty()) return;
    if (columns_.has(column, kFeed)) {
      columns_.resolve(column, kFeed, key);
      return;
    }
    const auto views = artwork_views(column);
    if (views.empty()) {
      unknown_spec_column(column, key);
      return;
    }
    if (views.size() > 1) {
      std::vector<std::string> names;
      names.reserve(views.size());
      for (const FeatureView* view : views) names.push_back(view->name);
      draft_.complain(key,
                      "the column '" + column + "' is a feature of several views: " + join(names),
                      "rename it in all but one of them");
    }
    for (const std::string& feature : views[0]->features) {
      if (same_name(feature, column)) column = feature;
    }
    if (is_used) columns_.add(column, kStatic, "the view " + views[0]->name, key);
  }

  void add_static_columns() {
    for (std::size_t i = 0; i < config_.aggregation_specs.size(); ++i) {
      const std::string key = item("aggregations.aggregation_specs", i) + ".column";
      add_static_column(config_.aggregation_specs[i].column, key, true);
      add_static_column(draft_.count_columns[i], key, false);
    }
  }

  // The catalog's view of this name, or null.
  [[nodiscard]] const FeatureView* find_view(const std::string& name) const {
    for (const auto& [other, view] : config_.views) {
      if (same_name(name, other)) return &view;
    }
    return nullptr;
  }

  const FeatureView* need_view(const std::string& name, const std::string& key) const {
    const FeatureView* view = find_view(name);
    if (view != nullptr || name.empty()) return view;
    std::vector<std::string> names;
    names.reserve(config_.views.size());
    for (const auto& [other, unused] : config_.views) names.push_back(other);
    draft_.complain(key, "the catalog has no view '" + name + "'", did_you_mean(name, names));
    return nullptr;
  }

  void add_features() {
    for (std::size_t i = 0; i < draft_.feature_refs.size(); ++i) {
      const std::string key = item("runtime.feature_refs", i);
      const std::string& ref = draft_.feature_refs[i];
      const std::size_t colon = ref.find(':');
      const FeatureView* view = need_view(ref.substr(0, colon), key);
      if (view == nullptr) {
        excuse_all_features();
        continue;
      }
      const std::string feature = colon == std::string::npos ? "" : ref.substr(colon + 1);
      if (colon != std::string::npos && !contains(view->features, feature) &&
          draft_.names_complete) {
        draft_.complain(key, "the view " + view->name + " has no feature '" + feature + "'",
                        did_you_mean(feature, view->features));
      }
      std::vector<std::string>& refs = config_.runtime.feature_refs;
      if (std::find(refs.begin(), refs.end(), view->name) != refs.end()) continue;
      refs.push_back(view->name);
      SeenNames seen;
      for (std::size_t j = 0; j < view->features.size(); ++j) {
        const bool is_told = seen.repeats(view->features[j]) || view->features[j] == view->entity;
        if (is_told) continue;
        columns_.add(view->features[j], kFeature, "the view " + view->name,
                     item("views." + view->name + ".features", j));
      }
    }
  }

  void excuse_all_features() {
    for (const auto& [name, view] : config_.views) {
      for (const std::string& feature : view.features) columns_.excuse(feature);
    }
  }

  void add_aggregations() {
    SeenNames names;
    for (std::size_t i = 0; i < config_.aggregation_specs.size(); ++i) {
      const AggregationSpec& spec = config_.aggregation_specs[i];
      const std::string key = item("aggregations.aggregation_specs", i) + ".name";
      if (spec.name.empty()) continue;
      if (names.repeats(spec.name)) {
        draft_.complain(key, "two aggregations are named '" + spec.name + "'",
                        "give all windows of one aggregation in one `windows` list");
        continue;
      }
      std::vector<std::int64_t> seen;  // A window given twice was reported as such.
      for (const Duration& window : spec.windows) {
        if (std::find(seen.begin(), seen.end(), window.micros) != seen.end()) continue;
        seen.push_back(window.micros);
        columns_.add(spec.name + "_" + window.text, kAggregation, "the aggregation " + spec.name,
                     key);
      }
      if (spec.cumulative) {
        columns_.add(spec.name, kAggregation, "the aggregation " + spec.name, key);
      }
    }
  }

  void add_joins() {
    for (std::size_t i = 0; i < config_.windowed_joins.size(); ++i) {
      const std::string& name = config_.windowed_joins[i].name;
      columns_.add(name, kJoin, "the windowed join " + name,
                   item("aggregations.windowed_joins", i) + ".name");
    }
  }

  void add_ages() {
    for (const AgeColumn& age : config_.runtime.age_columns) {
      columns_.add(age.name, kAge, "the age column " + age.name, "runtime.age_columns." + age.name);
    }
  }

  // ---- References to them ---------------------------------------------------------------------

  void check_ages() {
    for (AgeColumn& age : config_.runtime.age_columns) {
      columns_.resolve(age.since, kDated, "runtime.age_columns." + age.name + ".since");
    }
  }

  void check_joins() {
    for (std::size_t i = 0; i < config_.windowed_joins.size(); ++i) {
      WindowedJoin& join = config_.windowed_joins[i];
      const std::string key = item("aggregations.windowed_joins", i);
      for (JoinKey& pair : join.on) {
        columns_.resolve(pair.spine_column, kSpine, key + ".on." + pair.view_column);
      }
      const FeatureView* view = need_view(join.view, key + ".view");
      if (view == nullptr) continue;
      join.view = view->name;
      for (JoinKey& pair : join.on) resolve_in_view(pair.view_column, *view, key + ".on");
      resolve_in_view(join.time, *view, key + ".time");
      resolve_in_view(join.value, *view, key + ".value");
    }
  }

  void resolve_in_view(std::string& name, const FeatureView& view, const std::string& key) const {
    std::vector<std::string> names = view.features;
    names.push_back(view.entity);
    if (!view.timestamp_field.empty()) names.push_back(view.timestamp_field);
    if (name.empty()) return;
    for (const std::string& other : names) {
      if (!same_name(other, name)) continue;
      name = other;
      return;
    }
    // A name of the view could not be read.
    if (contains(names, "") || !draft_.names_complete) return;
    draft_.complain(key, "the view " + view.name + " has no column '" + name + "'",
                    did_you_mean(name, names));
  }

  void check_literals(std::vector<ColumnLiteral>& literals, const std::string& key) {
    SeenNames names;
    for (ColumnLiteral& literal : literals) {
      const std::string place = key + "." + literal.column;
      columns_.resolve(literal.column, kCurated, place);
      if (names.repeats(literal.column)) {
        draft_.complain(place, "the column '" + literal.column + "' is named twice", "remove one");
      }
    }
  }

  void check_rules() {
    std::vector<std::string> fixed = config_.feed.keys.names();
    if (config_.feed.session) fixed.push_back(*config_.feed.session);
    for (std::size_t i = 0; i < config_.runtime.curation.size(); ++i) {
      CurationRule& rule = config_.runtime.curation[i];
      const std::string key = item("runtime.curation", i);
      check_literals(rule.when, key + ".when");
      check_literals(rule.set, key + ".set");
      for (const ColumnLiteral& set : rule.set) {
        if (!contains(fixed, set.column)) continue;
        draft_.complain(key + ".set." + set.column,
                        "a curation may not set the keys, the time, the event or the session",
                        "set another column");
      }
    }
    for (std::size_t i = 0; i < config_.runtime.content_filter.size(); ++i) {
      check_literals(config_.runtime.content_filter[i], item("runtime.content_filter", i));
    }
  }

  void check_outputs() {
    SeenNames names;
    for (std::size_t i = 0; i < config_.runtime.output_columns.size(); ++i) {
      const std::string key = item("runtime.output_columns", i);
      std::string name = config_.runtime.output_columns[i].name;
      if (names.repeats(name)) {
        draft_.complain(key, "the column '" + name + "' is listed twice", "remove one");
        continue;
      }
      const Node& node = *locate(draft_.root, key).node;
      const bool has_default =
          node.find("default") != nullptr || node.find("default_sql") != nullptr;
      if (!has_default) columns_.resolve(name, kAll, key);
    }
  }

  Draft& draft_;
  Config& config_;
  Columns columns_;
};

}  // namespace

void check(Draft& draft) { Checker(draft).run(); }

}  // namespace daedalus::config
