#include "scene.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <utility>

namespace daedalus {

const char* const kRowText =
    "concat_ws('|', user_id, artwork_id, event_timestamp, event, author_id, likes_7d, "
    "liked_7d::VARCHAR, qid)";

namespace {

namespace fs = std::filesystem;

const std::array<std::string, 3> kUsers{"ana", "ben", "eve"};
constexpr int kArtworks = 10;

// Two parts a day; the {} are the memory limit and whom the filter drops.
constexpr const char* kRuntime = R"(feed_start: 202605
feed_end: 202605
entity_spine_chunk_rows: 8
output_root: output
compute: {{duckdb_config: {{threads: 1, memory_limit: {}, temp_directory: spill}}}}
feature_refs: [artwork_properties]
embedding_coverage_filter: {{enabled: false}}
age_columns: {{}}
curation: []
content_filter: [{{user_id: {}}}]
output_columns:
  - user_id
  - artwork_id
  - event_timestamp
  - event
  - author_id
  - recent
  - likes_7d
  - {{name: liked_7d, type: "VARCHAR[]"}}
)";

// The lists are late and early: one has a cast.
constexpr const char* kAggregations = R"(aggregation_specs:
  - {name: liked, column: artwork_id, events: [like], windows: [7d], exclude_self: true}
  - {name: likes, agg: count, events: [like], windows: [7d]}
windowed_joins:
  - name: recent
    view: artwork_properties
    on: {author_id: user_id}
    time: artwork_created_at
    value: artwork_id
    window: 30d
    max_length: 5
)";

// A file a day: a day reads its own file and those before it.
constexpr const char* kFeed = R"(source: {format: csv, path: "feed/{YYYYMM}/{DD}.csv"}
passthrough: []
session: feed_session
encodings: {}
)";

constexpr const char* kView = R"(source: {format: csv, path: artworks.csv}
entity: artwork_id
timestamp_field: updated_at
features: [author_id, artwork_created_at]
)";

struct Event {
  std::string user, artwork, time, name, session;
};

std::vector<Event> events_of(const Scene& scene, int day) {
  static const std::array<std::string, 4> kNames{"like", "view", "click", "like"};
  const std::string& date = kDays.at(day);
  std::vector<Event> events;
  for (int place = 0; place < (scene.feed.at(day).content == 0 ? 18 : 13); ++place) {
    const std::string& user = kUsers.at(place % 3);
    events.push_back({user, fmt::format("a{}", place * 7 % kArtworks),
                      fmt::format("{} {:02}:{:02}:00", date, place / 2, place % 2 * 30),
                      kNames.at(place % 4), fmt::format("{}-{}-{}", user, date, place / 6)});
  }
  return events;
}

std::vector<Event> published_events(const Scene& scene, int day) {
  std::vector<Event> events = events_of(scene, day);
  std::erase_if(events, [&](const Event& event) { return event.user == scene.hidden; });
  return events;
}

std::string author_of(const Scene& scene, int artwork) {
  return kUsers.at((artwork + scene.artworks.content) % 3);
}

// The artworks that a user liked before an event, newest first. All days lie within its window.
std::vector<std::string> liked_before(const Scene& scene, int day, const Event& event) {
  std::vector<std::string> liked;
  for (int each = 0; each <= day; ++each) {
    for (const Event& other : events_of(scene, each)) {
      if (other.user == event.user && other.name == "like" && other.time < event.time)
        liked.insert(liked.begin(), other.artwork);
    }
  }
  return liked;
}

void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

// The time goes with the content, so that a file can become again what it was.
void write_source(const fs::path& path, const std::string& text, const SourceFile& file) {
  write_text(path, text);
  constexpr auto kStart = std::chrono::sys_days(std::chrono::year(2026) / 5 / 5);
  const auto time = kStart + std::chrono::seconds(2 * file.content + file.time);
  fs::last_write_time(path, std::chrono::file_clock::from_sys(time));
}

}  // namespace

Scene seen_by(int day, Scene scene) {
  scene.memory_limit = Scene{}.memory_limit;
  std::fill(scene.feed.begin() + day + 1, scene.feed.end(), SourceFile{});
  return scene;
}

Sessions sessions_of(const Scene& scene, int day) {
  std::vector<std::pair<std::string, std::string>> seen;
  for (const Event& event : published_events(scene, day))
    seen.emplace_back(event.time, event.session);
  std::ranges::sort(seen);
  Sessions sessions;
  for (const auto& [time, session] : seen) {
    if (!std::ranges::count(sessions, session)) sessions.push_back(session);
  }
  return sessions;
}

Sessions extended(Sessions known, const Scene& scene, const Days& days) {
  for (const int day : days) {
    for (const std::string& session : sessions_of(scene, day)) {
      if (!std::ranges::count(known, session)) known.push_back(session);
    }
  }
  return known;
}

std::vector<std::string> rows_of(const Scene& scene, int day, const Sessions& numbered) {
  std::vector<Event> events = published_events(scene, day);
  std::ranges::stable_sort(events, {}, &Event::user);
  std::vector<std::string> rows;
  for (const Event& event : events) {
    std::vector<std::string> liked = liked_before(scene, day, event);
    const std::size_t likes = liked.size();
    std::erase(liked, event.artwork);
    const auto qid = std::ranges::find(numbered, event.session) - numbered.begin() + 1;
    rows.push_back(fmt::format("{}|{}|{}|{}|{}|{}|[{}]|{}", event.user, event.artwork, event.time,
                               event.name, author_of(scene, event.artwork.back() - '0'), likes,
                               fmt::join(liked, ", "), qid));
  }
  return rows;
}

void write(const Scene& scene, const fs::path& world) {
  write_text(world / "config/training/runtime.yaml",
             fmt::format(kRuntime, scene.memory_limit, scene.hidden));
  write_text(world / "config/training/aggregations.yaml", kAggregations);
  write_text(world / "config/catalog/feed.yaml", kFeed);
  write_text(world / "config/catalog/views/artwork_properties.yaml", kView);
  for (const int day : kAllDays) {
    std::string text = "user_id,artwork_id,event_timestamp,event,feed_session\n";
    for (const auto& [user, artwork, time, name, session] : events_of(scene, day))
      text += fmt::format("{},{},{},{},{}\n", user, artwork, time, name, session);
    write_source(world / "feed/202605" / (kDays.at(day).substr(8) + ".csv"), text,
                 scene.feed.at(day));
  }
  std::string text = "artwork_id,author_id,artwork_created_at,updated_at\n";
  for (int i = 0; i < kArtworks; ++i) {
    text += fmt::format("a{},{},2026-04-{} 00:00:00,2026-05-01 00:00:00\n", i, author_of(scene, i),
                        i + 20);
  }
  write_source(world / "artworks.csv", text, scene.artworks);
}

}  // namespace daedalus
