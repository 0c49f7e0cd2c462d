// A tiny world, looked at with SQL of its own.
#include "daedalus/synth.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "base/embedded.h"
#include "daedalus/error.h"
#include "engine/engine.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

fs::path scratch(const std::string& name) {
  fs::path path =
      fs::path(testing::TempDir()) / fmt::format("daedalus_synth_{}_{}", getpid(), name);
  fs::remove_all(path);
  return path;
}

SynthOptions tiny(const fs::path& dir) {
  SynthOptions options;
  options.dir = dir;
  options.users = 200;
  options.artworks = 1000;
  options.days = 5;
  options.events_per_day = 3000;
  options.end_date = 2026y / 5 / 3;
  options.embedding_dim = 8;
  return options;
}

std::string text_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// Relative path to content.
std::map<std::string, std::string> files_below(const fs::path& root) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file())
      files[fs::relative(entry.path(), root).string()] = text_of(entry.path());
  }
  return files;
}

class SynthTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir_ = scratch("world");
    summary_ = synthesize(tiny(dir_));
    // One for all tests: loading Lance takes half a second.
    engine_ =
        std::make_unique<Engine>(EngineSettings{{}, {testing::TempDir()}}, "a test's dataset");
    const std::string data = (dir_ / "data").string();
    view("feed",
         fmt::format("read_parquet('{}/feed/*/*.parquet', hive_partitioning = false)", data));
    view("pool", fmt::format("'{}/embeddings.lance'", data));
    for (const auto& entry : fs::directory_iterator(dir_ / "data/views")) {
      view(entry.path().filename().string(),
           fmt::format("read_parquet('{}/*.parquet')", entry.path().string()));
    }
  }

  static void TearDownTestSuite() {
    engine_.reset();
    fs::remove_all(dir_);
  }

  static void view(const std::string& name, const std::string& from) {
    engine_->create_view(name, "SELECT * FROM " + from);
  }

  static std::int64_t value(const std::string& sql) { return engine_->query_count(sql); }
  static std::int64_t count(const std::string& from) { return value("SELECT count(*) " + from); }

  // Shared by the suite, as googletest has it. NOLINTBEGIN(*-avoid-non-const-global-variables,
  // readability-identifier-naming)
  inline static fs::path dir_;
  inline static SynthSummary summary_;
  inline static std::unique_ptr<Engine> engine_;
  // NOLINTEND(*-avoid-non-const-global-variables, readability-identifier-naming)
};

TEST_F(SynthTest, HasTheShippedLayout) {
  const std::int64_t events = count("FROM feed");
  EXPECT_EQ(summary_.events, events);
  EXPECT_NEAR(static_cast<double>(events), 15000, 1500);
  EXPECT_EQ(summary_.days, 5);
  EXPECT_GT(summary_.bytes, 100'000);
  EXPECT_EQ(count("FROM (SELECT DISTINCT event_timestamp::DATE AS day FROM feed) WHERE day BETWEEN "
                  "'2026-04-29' AND '2026-05-03'"),
            5);
  EXPECT_EQ(
      count(fmt::format("FROM read_parquet('{}/data/feed/*/*.parquet', hive_partitioning = false, "
                        "filename = true) "
                        "WHERE NOT contains(filename, strftime(event_timestamp, '/month=%Y%m/'))",
                        dir_.string())),
      0);
  EXPECT_FALSE(fs::exists(dir_ / ".synth"));
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.path.starts_with("config/")) continue;
    EXPECT_EQ(text_of(dir_ / file.path), file.text) << file.path;
  }
}

TEST_F(SynthTest, HasTheShippedColumns) {
  const std::map<std::string, std::vector<ColumnType>> expected = {
      {"feed",
       {{"user_id", "VARCHAR"},
        {"artwork_id", "VARCHAR"},
        {"event_timestamp", "TIMESTAMP"},
        {"event", "VARCHAR"},
        {"current_like_count", "BIGINT"},
        {"country_code", "VARCHAR"},
        {"platform_code", "VARCHAR"},
        {"retriever_id", "VARCHAR"},
        {"member_source", "VARCHAR"},
        {"feed_session", "VARCHAR"}}},
      {"user_profile",
       {{"user_id", "VARCHAR"},
        {"updated_at", "TIMESTAMP"},
        {"blur_nsfw", "BOOLEAN"},
        {"show_nsfw", "BOOLEAN"},
        {"safe_search", "INTEGER"},
        {"followed_user_ids", "VARCHAR[]"},
        {"user_created_at", "TIMESTAMP"}}},
      {"artwork_properties",
       {{"artwork_id", "VARCHAR"},
        {"updated_at", "TIMESTAMP"},
        {"author_id", "VARCHAR"},
        {"hide_prompts", "BOOLEAN"},
        {"is_sensitive", "BOOLEAN"},
        {"artwork_type", "VARCHAR"},
        {"artwork_created_at", "TIMESTAMP"}}},
      {"artwork_generation",
       {{"artwork_id", "VARCHAR"},
        {"updated_at", "TIMESTAMP"},
        {"model_id", "VARCHAR"},
        {"model_type", "VARCHAR"},
        {"width", "INTEGER"},
        {"height", "INTEGER"},
        {"lightning", "BOOLEAN"},
        {"sampling_steps", "INTEGER"}}},
      {"artwork_aesthetic",
       {{"artwork_id", "VARCHAR"}, {"updated_at", "TIMESTAMP"}, {"aes_score", "FLOAT"}}},
      {"artwork_tack",
       {{"artwork_id", "VARCHAR"}, {"updated_at", "TIMESTAMP"}, {"tack_ids", "VARCHAR[]"}}},
      {"artwork_vector",
       {{"artwork_id", "VARCHAR"},
        {"updated_at", "TIMESTAMP"},
        {"media_safety_score", "DOUBLE"},
        {"text_safety_score", "DOUBLE"}}},
      {"pool", {{"artwork_id", "VARCHAR"}, {"embedding", "FLOAT[8]"}}}};
  for (const auto& [relation, columns] : expected) {
    EXPECT_EQ(engine_->describe("SELECT * FROM " + relation), columns) << relation;
  }
}

TEST_F(SynthTest, UsersAreUnequalButBounded) {
  const std::string days =
      "FROM (SELECT user_id, count(*) AS events FROM feed GROUP BY user_id, event_timestamp::DATE)";
  EXPECT_LE(value("SELECT max(events) " + days), kSynthMaxEventsPerUserDay);
  EXPECT_GE(value("SELECT (max(events) / median(events))::BIGINT " + days), 5);
  EXPECT_GT(value("SELECT count(DISTINCT user_id) FROM feed"), 150);
}

TEST_F(SynthTest, SessionsAreShortAndOneUsers) {
  const std::string sessions =
      "FROM (SELECT count(DISTINCT user_id) AS users, count(*) AS events, min(event_timestamp) AS "
      "first, "
      "max(event_timestamp) AS last FROM feed WHERE feed_session LIKE 's-%' GROUP BY feed_session)";
  EXPECT_GT(count(sessions), 1000);
  EXPECT_EQ(
      count(sessions + " WHERE users <> 1 OR events > 30 OR last - first > INTERVAL 20 MINUTE"), 0);
  EXPECT_GT(count(sessions + " WHERE events > 1"), 500);
  EXPECT_GT(count(sessions + " WHERE first::DATE < last::DATE"), 0);
  EXPECT_GT(count("FROM feed WHERE feed_session IS NULL"), 0);
  EXPECT_GT(
      count("FROM (SELECT 1 FROM feed GROUP BY user_id, event_timestamp HAVING count(*) > 1)"),
      100);
}

TEST_F(SynthTest, EventsAreMixedAndValid) {
  const auto share = [&](const std::string& event) {
    return static_cast<double>(count("FROM feed WHERE event = '" + event + "'")) /
           static_cast<double>(summary_.events);
  };
  EXPECT_NEAR(share("reco_artwork_view"), 0.55, 0.02);
  EXPECT_NEAR(share("reco_artwork_view2"), 0.15, 0.02);
  EXPECT_NEAR(share("click"), 0.17, 0.02);
  EXPECT_NEAR(share("like"), 0.09, 0.01);
  EXPECT_NEAR(share("dislike_click"), 0.02, 0.01);
  EXPECT_EQ(count("FROM feed WHERE user_id IS NULL OR artwork_id IS NULL OR event IS NULL"), 0);
  for (const char* unusual : {"country_code = 'XX'", "country_code = 'ZZ'", "country_code IS NULL",
                              "country_code = 'USA'", "country_code = 'us'", "country_code = '840'",
                              "platform_code = 'smart_tv'", "platform_code IS NULL",
                              "current_like_count IS NULL", "retriever_id IS NULL"}) {
    EXPECT_GT(count(fmt::format("FROM feed WHERE {}", unusual)), 0) << unusual;
  }
}

TEST_F(SynthTest, LargeDaysHoldFewInvalidRows) {
  SynthOptions options = tiny(scratch("invalid"));
  options.days = 1;
  options.events_per_day = 20'000;
  const std::int64_t events = synthesize(options).events;
  const std::int64_t invalid = count(fmt::format(
      "FROM read_parquet('{}/data/feed/*/*.parquet') WHERE user_id IS NULL", options.dir.string()));
  EXPECT_GT(invalid, 0);
  EXPECT_LT(static_cast<double>(invalid), 0.0005 * static_cast<double>(events));
  fs::remove_all(options.dir);
}

TEST_F(SynthTest, AnimatedArtworksAreTaggedAsSdV1) {
  const std::string animated =
      "(SELECT artwork_id FROM artwork_properties WHERE artwork_type = 'ANIMATED_ARTWORK')";
  EXPECT_GT(count("FROM " + animated), 20);
  EXPECT_EQ(count("FROM " + animated + " ANTI JOIN artwork_generation USING (artwork_id)"), 0);
  EXPECT_EQ(count("FROM artwork_generation WHERE artwork_id IN " + animated +
                  " AND model_type IS DISTINCT FROM 'SD_V1_MODEL'"),
            0);
  EXPECT_GT(count("FROM artwork_generation WHERE artwork_id NOT IN " + animated +
                  " AND model_type = 'SD_V1_MODEL'"),
            20);
}

TEST_F(SynthTest, ViewsHaveVersionsAndGaps) {
  const std::map<std::string, int> entities = {
      {"user_profile", 200},       {"artwork_properties", 1000}, {"artwork_generation", 1000},
      {"artwork_aesthetic", 1000}, {"artwork_tack", 1000},       {"artwork_vector", 1000}};
  for (const auto& [view, all] : entities) {
    const std::string id = view == "user_profile" ? "user_id" : "artwork_id";
    const std::string versions =
        fmt::format("FROM (SELECT count(*) AS n FROM {} GROUP BY {})", view, id);
    EXPECT_GT(count(versions), all * 9 / 10) << view;
    EXPECT_LT(count(versions), all) << view;
    EXPECT_EQ(value("SELECT max(n) " + versions), 4) << view;
  }
  EXPECT_GT(count("FROM artwork_tack WHERE tack_ids IS NULL"), 0);
  EXPECT_GT(count("FROM artwork_tack WHERE tack_ids = []"), 0);
  EXPECT_GT(count("FROM artwork_properties WHERE updated_at IS NULL"), 0);
}

TEST_F(SynthTest, ArtworksAreByUsersAndOlderThanTheirEvents) {
  EXPECT_EQ(
      count("FROM artwork_properties WHERE NOT regexp_full_match(author_id, 'u000[01][0-9]{2}')"),
      0);
  EXPECT_GT(
      count("FROM feed AS f JOIN artwork_properties AS p ON p.author_id = f.user_id AND "
            "p.artwork_created_at < "
            "f.event_timestamp AND p.artwork_created_at >= f.event_timestamp - INTERVAL 30 DAY"),
      1000);
  EXPECT_EQ(count("FROM feed JOIN artwork_properties USING (artwork_id) WHERE artwork_created_at > "
                  "event_timestamp"),
            0);
  EXPECT_GT(count("FROM feed JOIN artwork_properties USING (artwork_id) WHERE artwork_created_at "
                  ">= '2026-04-29'"),
            100);
}

TEST_F(SynthTest, PoolMissesSomeVectors) {
  EXPECT_NEAR(static_cast<double>(count("FROM pool")), 950, 30);
  EXPECT_EQ(value("SELECT count(DISTINCT artwork_id) FROM pool"), count("FROM pool"));
  EXPECT_GT(count("FROM pool WHERE embedding IS NULL"), 0);
  EXPECT_LT(count("FROM pool WHERE embedding IS NULL"), 30);
}

TEST_F(SynthTest, TheSeedDecidesEveryRow) {
  const fs::path again = scratch("again");
  const fs::path other = scratch("other");
  synthesize(tiny(again));
  SynthOptions options = tiny(other);
  options.seed = 2;
  synthesize(options);
  for (const char* part : {"data/feed", "data/views"}) {
    const auto files = files_below(dir_ / part);
    EXPECT_TRUE(files == files_below(again / part)) << part;
    const auto others = files_below(other / part);
    for (const auto& [path, content] : files) EXPECT_TRUE(others.at(path) != content) << path;
  }
  const auto different = [&](const fs::path& dir) {
    return count(
        fmt::format("FROM (FROM pool EXCEPT ALL FROM '{}/data/embeddings.lance')", dir.string()));
  };
  EXPECT_EQ(different(again), 0);
  EXPECT_GT(different(other), 900);
  fs::remove_all(again);
  fs::remove_all(other);
}

TEST(SynthFilesTest, ReplacesDataOnlyWhenForcedAndKeepsTheRest) {
  SynthOptions options = tiny(scratch("force"));
  options.days = 2;
  fs::create_directories(options.dir / ".synth/left/over");
  synthesize(options);
  std::ofstream(options.dir / "data/mine.txt") << "mine";
  std::ofstream(options.dir / "config/catalog/feed.yaml") << "edited";
  const auto before = files_below(options.dir);

  options.days = 1;
  try {
    synthesize(options);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kConfig);
    EXPECT_NE(std::string(error.what()).find("--force"), std::string::npos);
  }
  EXPECT_TRUE(files_below(options.dir) == before);

  options.force = true;
  synthesize(options);
  const auto after = files_below(options.dir);
  EXPECT_FALSE(after.contains("data/feed/month=202605/2026-05-02.parquet"));
  EXPECT_TRUE(after.contains("data/feed/month=202605/2026-05-03.parquet"));
  EXPECT_EQ(after.at("data/mine.txt"), "mine");
  EXPECT_EQ(after.at("config/catalog/feed.yaml"), "edited");
  EXPECT_FALSE(fs::exists(options.dir / ".synth"));
  fs::remove_all(options.dir);
}

TEST(SynthFilesTest, FailureLeavesNothing) {
  const SynthOptions options = tiny(scratch("failure"));
  setenv("DAEDALUS_LANCE_EXTENSION", "/nowhere/lance.duckdb_extension", 1);
  EXPECT_THROW(synthesize(options), Error);
  unsetenv("DAEDALUS_LANCE_EXTENSION");
  EXPECT_TRUE(fs::is_empty(options.dir));
  fs::remove_all(options.dir);
}

TEST(SynthFilesTest, SmallestWorldWorks) {
  SynthOptions options = tiny(scratch("smallest"));
  options.users = 1;
  options.artworks = 1;
  options.days = 1;
  options.events_per_day = 1;
  options.embedding_dim = 1;
  EXPECT_LE(synthesize(options).events, 30);
  fs::remove_all(options.dir);
}

TEST(SynthOptionsTest, AllProblemsAreReportedAtOnce) {
  SynthOptions options = tiny(scratch("options"));
  options.artworks = 0;
  options.days = -1;
  options.seed = -1;
  options.embedding_dim = 5000;
  options.events_per_day = 20'001;
  options.end_date = 2026y / 2 / 30;
  try {
    synthesize(options);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kConfig);
    EXPECT_EQ(error.problems().size(), 6);
    EXPECT_NE(std::string(error.what()).find("20000"), std::string::npos);
  }
  EXPECT_FALSE(fs::exists(options.dir));
}

}  // namespace
}  // namespace daedalus
