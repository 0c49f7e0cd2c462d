// Loading a configuration, and what can be asked of a loaded one.
#include "daedalus/config.h"

#include <algorithm>

#include "config/draft.h"
#include "config/tree.h"

namespace daedalus {
namespace {

bool is_or_encloses(const std::string& key, const std::string& leaf) {
  if (!leaf.starts_with(key)) return false;
  return leaf.size() == key.size() || leaf[key.size()] == '.' || leaf[key.size()] == '[';
}

bool is_feed_column(const Feed& feed, const std::string& column) {
  const auto same = [&](const std::string& name) { return config::same_name(name, column); };
  const std::vector<std::string> keys = feed.keys.names();
  if (std::any_of(keys.begin(), keys.end(), same)) return true;
  if (std::any_of(feed.passthrough.begin(), feed.passthrough.end(), same)) return true;
  if (feed.session && same(*feed.session)) return true;
  return std::any_of(feed.encodings.begin(), feed.encodings.end(),
                     [&](const Encoding& encoding) { return same(encoding.column); });
}

// Somebody who begins needs one line, and no list of files.
void need_directory(const std::filesystem::path& dir) {
  std::error_code error;
  if (std::filesystem::exists(dir / "catalog", error)) return;
  if (std::filesystem::exists(dir / "training", error)) return;
  throw Error(ErrorKind::kConfig,
              "there is no configuration in " + dir.string() + ": it has no catalog/ and training/",
              "begin with `daeda synth world && cd world`, a small world with its configuration, "
              "or name yours with --config-dir");
}

void check_pool(const std::filesystem::path& missing, config::Draft& draft) {
  if (missing.empty() || !draft.config.runtime.embedding_coverage_filter.enabled) return;
  draft.problems.add({missing.string()}, "the configuration file is missing",
                     "write it (an empty file takes every default), or set "
                     "embedding_coverage_filter.enabled to false");
}

}  // namespace

std::vector<std::string> AggregationSpec::output_names() const {
  if (cumulative) return {name};
  std::vector<std::string> names;
  names.reserve(windows.size());
  for (const Duration& window : windows) names.push_back(name + "_" + window.text);
  return names;
}

WarningPolicy Runtime::policy_of(const std::string& name) const {
  const auto found = warnings.find(name);
  return found == warnings.end() ? WarningPolicy::kWarn : found->second;
}

SourceLocation Config::where(const std::string& key) const {
  for (std::string place = key; !place.empty();) {
    for (const EffectiveValue& value : effective) {
      if (is_or_encloses(place, value.key)) return value.origin;
    }
    const std::size_t end = place.find_last_of(".[");
    place.resize(end == std::string::npos ? 0 : end);
  }
  return {};
}

const FeatureView* Config::static_view(const std::string& column) const {
  if (is_feed_column(feed, column)) return nullptr;
  for (const auto& [name, view] : views) {
    if (view.entity != feed.keys.item) continue;
    for (const std::string& feature : view.features) {
      if (config::same_name(feature, column)) return &view;
    }
  }
  return nullptr;
}

Config load_config(const std::filesystem::path& dir, const std::vector<std::string>& overrides) {
  need_directory(dir);
  config::Problems problems;
  config::Tree tree = config::read_tree(dir, problems);
  for (const std::string& text : overrides) config::apply_override(tree.root, text, problems);
  config::expand_environment(tree.root, problems);

  config::Draft draft{.root = tree.root, .problems = problems};
  config::read_feed(draft);
  config::read_views(draft);
  config::read_embedding_pool(draft);
  config::read_aggregations(draft);
  config::read_runtime(draft);
  check_pool(tree.missing_pool, draft);
  // Without one file, most of what others say of it would look wrong.
  if (tree.complete) config::check(draft);

  if (!problems.empty()) throw Error(ErrorKind::kConfig, problems.sorted());
  draft.config.effective = config::list_effective(tree.root);
  draft.config.dir = dir;
  draft.config.overrides = overrides;
  return std::move(draft.config);
}

}  // namespace daedalus
