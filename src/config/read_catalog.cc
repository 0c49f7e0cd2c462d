// catalog/: the feed, the views and the embedding pool.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <regex>
#include <set>

#include "config/draft.h"
#include "config/strptime_format.h"
#include "config/zone_names.h"

namespace daedalus::config {
namespace {

// No system opens a longer one.
constexpr std::size_t kMaxPathBytes = 4096;

// Reports what is wrong with the wildcards of a path.
void check_wildcards(const Value& value, const std::string& path) {
  if (path.size() > kMaxPathBytes) {
    value.complain(fmt::format("the path is longer than {} bytes", kMaxPathBytes), "shorten it");
    return;
  }
  for (std::size_t at = 0; (at = path.find('[', at)) != std::string::npos;) {
    const std::size_t end = path.find(']', at);
    const std::string chars = path.substr(at, end - at + 1);
    bool is_class = end != std::string::npos && chars.size() > 2;
    try {
      if (is_class) static_cast<void>(std::regex(chars));
    } catch (const std::regex_error&) {
      is_class = false;
    }
    if (!is_class) {
      value.complain("the path has no set of characters at '" + chars + "'",
                     "write one such as [0-9]; a bracket itself is [[]");
      return;
    }
    at = end + 1;
  }
}

// Reports what is wrong with the partition fields of a path.
void check_fields(const Value& value, const std::string& path, bool is_feed) {
  const std::vector<std::string> fields = {"{YYYYMM}", "{YYYY}", "{MM}", "{DD}", "{HH}"};
  std::set<std::string> present;
  for (std::size_t at = 0; (at = path.find_first_of("{}", at)) != std::string::npos;) {
    const std::size_t end = path.find('}', at);
    if (path[at] == '}' || end == std::string::npos) {
      value.complain("a single '" + path.substr(at, 1) + "' in the path",
                     "braces enclose a partition field such as {YYYYMM}");
      return;
    }
    const std::string field = path.substr(at, end - at + 1);
    at = end + 1;
    if (!is_feed) {
      value.complain("the path holds " + field + ", but only the feed is partitioned",
                     "write a wildcard such as * instead");
      return;
    }
    if (std::find(fields.begin(), fields.end(), field) == fields.end()) {
      std::string fix = did_you_mean(field, fields);
      value.complain("unknown partition field " + field,
                     fix.empty() ? "the fields are " + join(fields) : std::move(fix));
      return;
    }
    present.insert(field);
  }
  const bool has_month = present.contains("{YYYYMM}") || present.contains("{MM}");
  if (present.contains("{MM}") && !present.contains("{YYYY}") && !present.contains("{YYYYMM}"))
    value.complain("the path has {MM} without {YYYY}", "add {YYYY}, or write {YYYYMM}");
  if (present.contains("{DD}") && !has_month)
    value.complain("the path has {DD} without a month", "add {YYYYMM}, or {YYYY} and {MM}");
  if (present.contains("{HH}") && !present.contains("{DD}"))
    value.complain("the path has {HH} without {DD}", "add {DD}, or write a wildcard such as *");
}

// Reads the name of a time zone into `zone`.
void read_zone(const Value& value, std::string& zone) {
  const auto name = value.text();
  if (!name) return;
  if (std::ranges::binary_search(zone_names(), *name)) {
    zone = *name;
    return;
  }
  const std::string near = nearest_zone(*name);
  value.complain("there is no time zone '" + *name + "'",
                 near.empty() ? "write UTC, or an IANA name such as Europe/Berlin"
                              : "did you mean '" + near + "'?");
}

Source read_source(const Value& value, bool is_feed) {
  Source source;
  Fields fields(value);
  const auto format = fields.need("format");
  if (format) assign(source.format, format->choice({"parquet", "csv", "json", "lance"}));
  if (const auto path = fields.need("path")) {
    assign(source.path, path->path());
    check_wildcards(*path, source.path);
    if (!source.path.empty()) check_fields(*path, source.path, is_feed);
  }
  if (const auto types = fields.find("types")) {
    SeenNames seen;
    for (const auto& [column, type] : types->fields()) {
      if (seen.repeats(column)) type.complain("the column is given twice", "keep one");
      assign(source.types[column], type.text());
    }
    const bool detects =
        source.format == SourceFormat::kCsv || source.format == SourceFormat::kJson;
    if (!source.types.empty() && !detects) {
      types->complain("types are for csv and json only; other formats carry their own",
                      "remove them");
    }
  }
  if (const auto nulls = fields.find("null_values")) {
    source.null_values = nulls->texts();
    if (!source.null_values.empty() && source.format != SourceFormat::kCsv)
      nulls->complain("null_values are for csv only; other formats have NULL", "remove them");
  }
  if (const auto zone = fields.find("time_zone")) read_zone(*zone, source.time_zone);
  fields.finish();
  return source;
}

TimeForm read_time_form(const Value& value) {
  using Kind = TimeForm::Kind;
  static const std::map<std::string, Kind> kForms{{"epoch_s", Kind::kEpochS},
                                                  {"epoch_ms", Kind::kEpochMs},
                                                  {"epoch_us", Kind::kEpochUs},
                                                  {"epoch_ns", Kind::kEpochNs},
                                                  {"iso8601", Kind::kIso8601}};
  TimeForm form;
  const std::optional<std::string> text = value.text();
  if (!text) return form;
  if (const auto found = kForms.find(*text); found != kForms.end()) {
    form.kind = found->second;
  } else if (text->find('%') != std::string::npos) {
    form = {Kind::kStrptime, *text};
    if (const auto fault = strptime_fault(*text)) value.complain(fault->what, fault->fix);
  } else {
    std::vector<std::string> names;
    for (const auto& [name, kind] : kForms) names.push_back(name);
    std::string fix = did_you_mean(*text, names);
    value.expected("one of " + join(names) + " or a strptime format such as '%d/%m/%Y %H:%M'",
                   std::move(fix));
  }
  return form;
}

// The keys that map a source's columns to ours.
void read_mapping(Fields& fields, MappedSource& mapped) {
  if (const auto columns = fields.find("columns")) {
    for (const auto& [ours, theirs] : columns->fields())
      assign(mapped.columns[ours], theirs.text());
  }
  if (const auto times = fields.find("times")) {
    for (const auto& [ours, form] : times->fields()) mapped.times[ours] = read_time_form(form);
  }
  if (const auto columns = fields.find("path_columns")) mapped.path_columns = columns->texts();
}

void read_keys(const Value& value, FeedKeys& keys) {
  Fields fields(value);
  if (const auto name = fields.find("user")) assign(keys.user, name->text());
  if (const auto name = fields.find("item")) assign(keys.item, name->text());
  if (const auto name = fields.find("time")) assign(keys.time, name->text());
  if (const auto name = fields.find("event")) assign(keys.event, name->text());
  fields.finish();
}

Encoding read_encoding(const std::string& column, const Value& value) {
  Encoding encoding{.column = column};
  if (!value.node().is_mapping()) {
    if (!value.node().is_scalar()) {
      value.expected("iso3166_numeric or a mapping of names to numbers");
    } else if (value.choice({"iso3166_numeric"})) {
      encoding.kind = Encoding::Kind::kIso3166Numeric;
    }
    return encoding;
  }
  using Limits = std::numeric_limits<std::int32_t>;
  for (const auto& [name, number] : value.fields()) {
    if (const auto code = number.integer(Limits::min(), Limits::max())) {
      encoding.members.emplace_back(name, static_cast<std::int32_t>(*code));
    }
  }
  return encoding;
}

}  // namespace

std::vector<std::string> read_events(const Value& value) {
  std::vector<std::string> events;
  for (const std::string& event : value.texts()) {
    const bool is_new = std::find(events.begin(), events.end(), event) == events.end();
    if (is_new) events.push_back(event);
  }
  if (value.node().is_sequence() && events.empty()) value.complain("the list names no event");
  return events;
}

void read_feed(Draft& draft) {
  Feed& feed = draft.config.feed;
  Fields fields(draft.at("feed"));
  if (const auto source = fields.need("source")) feed.source = read_source(*source, true);
  if (const auto keys = fields.find("keys")) read_keys(*keys, feed.keys);
  read_mapping(fields, feed);
  if (const auto zone = fields.find("day_zone")) read_zone(*zone, feed.day_zone);
  const std::size_t before = draft.problems.size();
  if (const auto passthrough = fields.find("passthrough")) feed.passthrough = passthrough->texts();
  if (const auto session = fields.find("session"); session && !session->is_null()) {
    feed.session = session->text();
  }
  draft.names_complete = draft.names_complete && draft.problems.size() == before;
  if (const auto encodings = fields.find("encodings")) {
    for (const auto& [column, value] : encodings->fields()) {
      feed.encodings.push_back(read_encoding(column, value));
    }
  }
  fields.finish();
}

void read_views(Draft& draft) {
  const Value views = draft.at("views");
  for (const auto& [name, value] : views.fields()) {
    FeatureView& view = draft.config.views[name];
    view.name = name;
    Fields fields(value);
    if (const auto source = fields.need("source")) view.source = read_source(*source, false);
    if (const auto entity = fields.need("entity")) {
      const FeedKeys& keys = draft.config.feed.keys;
      const std::vector<std::string> entities = {keys.user, keys.item};
      if (const auto index = entity->choice(entities)) view.entity = entities[*index];
    }
    if (const auto time = fields.find("timestamp_field"); time && !time->is_null()) {
      assign(view.timestamp_field, time->text());
      // An empty one would be taken for none.
      if (view.timestamp_field.empty()) draft.names_complete = false;
    }
    read_mapping(fields, view);
    const std::size_t before = draft.problems.size();
    if (const auto features = fields.need("features")) view.features = features->texts();
    draft.names_complete = draft.names_complete && draft.problems.size() == before;
    fields.finish();
  }
}

void read_embedding_pool(Draft& draft) {
  if (draft.root.find("embedding_pool") == nullptr) return;
  EmbeddingPool& pool = draft.config.embedding_pool.emplace();
  Fields fields(draft.at("embedding_pool"));
  if (const auto source = fields.need("source")) pool.source = read_source(*source, false);
  if (const auto key = fields.need("key")) assign(pool.key, key->text());
  if (const auto vector = fields.need("vector")) assign(pool.vector, vector->text());
  fields.finish();
}

}  // namespace daedalus::config
