// The shipped configuration, held against what its specification says by hand.
#include "daedalus/config.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace daedalus {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;

const Config& shipped() {
  static const Config kShipped = load_config(std::string(DAEDALUS_SOURCE_DIR) + "/config");
  return kShipped;
}

TEST(ShippedConfig, Feed) {
  const Feed& feed = shipped().feed;
  EXPECT_EQ(feed.source.format, SourceFormat::kParquet);
  EXPECT_EQ(feed.source.path, "data/feed/month={YYYYMM}/*.parquet");
  EXPECT_TRUE(feed.source.types.empty());
  EXPECT_TRUE(feed.columns.empty());
  EXPECT_EQ(feed.passthrough,
            (std::vector<std::string>{"current_like_count", "country_code", "platform_code",
                                      "retriever_id", "member_source"}));
  EXPECT_EQ(feed.session, "feed_session");
  ASSERT_EQ(feed.encodings.size(), 2U);
  EXPECT_EQ(feed.encodings[0].column, "country_code");
  EXPECT_EQ(feed.encodings[0].kind, Encoding::Kind::kIso3166Numeric);
  EXPECT_EQ(feed.encodings[1].column, "platform_code");
  EXPECT_EQ(feed.encodings[1].kind, Encoding::Kind::kEnum);
  EXPECT_EQ(feed.encodings[1].members, (std::vector<std::pair<std::string, std::int32_t>>{
                                           {"ios", 1}, {"android", 2}, {"web", 3}}));
}

TEST(ShippedConfig, Catalog) {
  const Config& config = shipped();
  EXPECT_EQ(config.views.size(), 6U);
  const FeatureView& profile = config.views.at("user_profile");
  EXPECT_EQ(profile.name, "user_profile");
  EXPECT_EQ(profile.entity, "user_id");
  EXPECT_EQ(profile.timestamp_field, "updated_at");
  EXPECT_EQ(profile.features, (std::vector<std::string>{"blur_nsfw", "show_nsfw", "safe_search",
                                                        "followed_user_ids", "user_created_at"}));
  ASSERT_TRUE(config.embedding_pool.has_value());
  EXPECT_EQ(config.embedding_pool->source.format, SourceFormat::kLance);
  EXPECT_EQ(config.embedding_pool->source.path, "data/embeddings.lance");
  EXPECT_EQ(config.embedding_pool->key, "artwork_id");
  EXPECT_EQ(config.embedding_pool->vector, "embedding");
}

TEST(ShippedConfig, Aggregations) {
  const auto& specs = shipped().aggregation_specs;
  ASSERT_EQ(specs.size(), 8U);
  EXPECT_EQ(specs[0].name, "like_artwork_ids");
  EXPECT_EQ(specs[0].column, "artwork_id");
  EXPECT_TRUE(specs[0].exclude_self);
  EXPECT_FALSE(specs[0].distinct);
  EXPECT_EQ(specs[0].windows,
            (std::vector<Duration>{{kDay, "1d"}, {3 * kDay, "3d"}, {7 * kDay, "7d"}}));
  EXPECT_EQ(specs[0].output_names(),
            (std::vector<std::string>{"like_artwork_ids_1d", "like_artwork_ids_3d",
                                      "like_artwork_ids_7d"}));
  EXPECT_EQ(specs[3].agg, AggregationSpec::Agg::kCount);
  EXPECT_EQ(specs[3].column, "");
  EXPECT_TRUE(specs[4].flatten_distinct);
  EXPECT_TRUE(specs[4].distinct);  // implied
  EXPECT_EQ(specs[5].events, (std::vector<std::string>{"reco_artwork_view", "reco_artwork_view2"}));
  EXPECT_TRUE(specs[7].cumulative);
  EXPECT_TRUE(specs[7].distinct);  // implied
  EXPECT_TRUE(specs[7].windows.empty());
  EXPECT_EQ(specs[7].output_names(), (std::vector<std::string>{"dislike_artwork_ids"}));
  EXPECT_EQ(specs[7].order, AggregationSpec::Order::kNewestFirst);
  EXPECT_EQ(specs[7].max_length, std::nullopt);

  ASSERT_EQ(shipped().windowed_joins.size(), 1U);
  const WindowedJoin& join = shipped().windowed_joins[0];
  EXPECT_EQ(join.name, "user_recent_published_artworks");
  EXPECT_EQ(join.view, "artwork_properties");
  EXPECT_EQ(join.on, (std::vector<JoinKey>{{"author_id", "user_id"}}));
  EXPECT_EQ(join.time, "artwork_created_at");
  EXPECT_EQ(join.value, "artwork_id");
  EXPECT_EQ(join.window, (Duration{30 * kDay, "30d"}));
  EXPECT_EQ(join.max_length, 50);
}

TEST(ShippedConfig, Runtime) {
  const Runtime& runtime = shipped().runtime;
  EXPECT_EQ(runtime.feed_start, 202602);
  EXPECT_EQ(runtime.feed_end, 202605);
  EXPECT_EQ(runtime.entity_spine_chunk_rows, 500'000);
  EXPECT_EQ(runtime.day_workers, 1);
  EXPECT_EQ(runtime.output_root, "data/training_output");
  EXPECT_DOUBLE_EQ(runtime.max_invalid_fraction, 0.001);
  EXPECT_EQ(runtime.engine, "duckdb");
  EXPECT_EQ(runtime.duckdb_config,
            (std::map<std::string, std::string>{
                {"threads", "2"}, {"memory_limit", "4GB"}, {"temp_directory", "data/tmp"}}));
  EXPECT_EQ(runtime.feature_refs,
            (std::vector<std::string>{"user_profile", "artwork_properties", "artwork_generation",
                                      "artwork_aesthetic", "artwork_tack", "artwork_vector"}));
  EXPECT_TRUE(runtime.embedding_coverage_filter.enabled);
  EXPECT_FALSE(runtime.embedding_coverage_filter.all_events);
  EXPECT_EQ(runtime.embedding_coverage_filter.events,
            (std::vector<std::string>{"reco_artwork_view", "reco_artwork_view2"}));
  EXPECT_FALSE(runtime.session_filter.drop_view_only);
  EXPECT_EQ(runtime.session_filter.like_events, std::vector<std::string>{"like"});
  ASSERT_EQ(runtime.age_columns.size(), 2U);
  EXPECT_EQ(runtime.age_columns[1].name, "artwork_age");
  EXPECT_EQ(runtime.age_columns[1].since, "artwork_created_at");
  EXPECT_EQ(runtime.age_columns[1].unit, (Duration{kDay, "1d"}));
}

TEST(ShippedConfig, RulesAndOutput) {
  const Runtime& runtime = shipped().runtime;
  ASSERT_EQ(runtime.curation.size(), 1U);
  ASSERT_EQ(runtime.curation[0].when.size(), 2U);
  EXPECT_EQ(runtime.curation[0].when[0].column, "artwork_type");
  EXPECT_EQ(runtime.curation[0].when[0].literal, Literal{"ANIMATED_ARTWORK"});
  EXPECT_EQ(runtime.curation[0].set[0].literal, Literal{"DEFAULT_I2V_MODEL"});
  ASSERT_EQ(runtime.content_filter.size(), 1U);
  EXPECT_EQ(runtime.content_filter[0][0].column, "model_type");
  ASSERT_EQ(runtime.output_columns.size(), 54U);
  EXPECT_EQ(runtime.output_columns[0].name, "user_id");
  EXPECT_FALSE(runtime.output_columns[0].default_value.has_value());
  EXPECT_EQ(runtime.output_columns[4].name, "current_like_count");
  EXPECT_EQ(runtime.output_columns[4].default_value, Literal{std::int64_t{0}});
  EXPECT_EQ(runtime.output_columns[4].type, std::nullopt);
  EXPECT_EQ(runtime.output_columns[7].default_value, Literal{});
  EXPECT_EQ(runtime.output_columns[7].type, "VARCHAR");
  EXPECT_EQ(runtime.output_columns[53].name, "like_artwork_avg_embeds");
  EXPECT_EQ(runtime.output_columns[53].default_sql, "CAST(NULL AS FLOAT[])");
}

TEST(ShippedConfig, StaticViews) {
  const Config& config = shipped();
  EXPECT_EQ(config.static_view("author_id")->name, "artwork_properties");
  EXPECT_EQ(config.static_view("MODEL_ID")->name, "artwork_generation");
  EXPECT_EQ(config.static_view("artwork_id"), nullptr);
  EXPECT_EQ(config.static_view("feed_session"), nullptr);
  EXPECT_EQ(config.static_view("blur_nsfw"), nullptr);  // of users
}

TEST(ShippedConfig, WhereFindsTheNearestPlace) {
  const Config& config = shipped();
  const std::string file = std::string(DAEDALUS_SOURCE_DIR) + "/config/training/runtime.yaml";
  EXPECT_EQ(config.where("runtime.feed_end").to_string(), file + ":3");
  EXPECT_EQ(config.where("runtime.compute").to_string(), file + ":11");
  EXPECT_EQ(config.where("runtime.output_columns[4]").to_string(), file + ":46");
  EXPECT_EQ(config.where("runtime.output_columns[4].type").to_string(), file + ":46");
  EXPECT_EQ(config.where("runtime.feature_refs[2]").to_string(), file + ":17");
  EXPECT_EQ(config.where("nothing").to_string(), "");
  for (const EffectiveValue& value : config.effective) EXPECT_FALSE(value.is_default) << value.key;
}

TEST(ShippedConfig, LiteralsKeepTheirTypes) {
  const Config config = load_config(
      std::string(DAEDALUS_SOURCE_DIR) + "/config",
      {"content_filter=[{width: [1, null, -9223372036854775808], lightning: true, aes_score: 0x10,"
       " model_type: '5', member_source: 2.5}]"});
  const FilterRule& rule = config.runtime.content_filter.at(0);
  ASSERT_EQ(rule.size(), 5U);
  EXPECT_EQ(rule[0].literal,
            (Literal{Literal::List{Literal{std::int64_t{1}}, Literal{}, Literal{INT64_MIN}}}));
  EXPECT_EQ(rule[1].literal, Literal{true});
  EXPECT_EQ(rule[2].literal, Literal{std::int64_t{16}});
  EXPECT_EQ(rule[3].literal, Literal{"5"});
  EXPECT_EQ(rule[4].literal, Literal{2.5});
}

TEST(Config, ReferencesTakeTheDeclaredSpelling) {
  const Config config = load_config(
      std::string(DAEDALUS_SOURCE_DIR) + "/config",
      {"aggregation_specs[1].column=Author_ID", "aggregation_specs[0].column=ARTWORK_ID",
       "windowed_joins[0].on={AUTHOR_ID: USER_ID}", "feature_refs[0]=User_Profile:BLUR_NSFW",
       "age_columns.user_age.since=USER_CREATED_AT", "content_filter=[{Model_Type: x}]",
       "feed.columns={USER_ID: uid}"});
  EXPECT_EQ(config.aggregation_specs[0].column, "artwork_id");
  EXPECT_EQ(config.aggregation_specs[1].column, "author_id");
  EXPECT_EQ(config.windowed_joins[0].on, (std::vector<JoinKey>{{"author_id", "user_id"}}));
  EXPECT_EQ(config.runtime.feature_refs[0], "user_profile");
  EXPECT_EQ(config.runtime.age_columns[0].since, "user_created_at");
  EXPECT_EQ(config.runtime.content_filter[0][0].column, "model_type");
  EXPECT_EQ(config.feed.columns.at("user_id"), "uid");
}

// What a file gives as a whole, and whether that equals the default wherever it was written.
TEST(Config, EffectiveValuesKnowTheirSetting) {
  const Config config = load_config(std::string(DAEDALUS_SOURCE_DIR) + "/config",
                                    {"feed.keys.user=user_id", "session_filter.drop_view_only=true",
                                     "feed.encodings={country_code: iso3166_numeric}",
                                     "session_filter.view_events=[reco_artwork_view]"});
  std::map<std::string, const EffectiveValue*> values;
  for (const EffectiveValue& value : config.effective) values[value.key] = &value;
  const auto expect = [&](const std::string& key, const std::string& setting, bool equals_default) {
    ASSERT_TRUE(values.contains(key)) << key;
    EXPECT_EQ(values[key]->setting, setting) << key;
    EXPECT_EQ(values[key]->setting_equals_default, equals_default) << key;
  };
  expect("feed.keys.user", "feed.keys.user", true);
  expect("feed.times", "feed.times", true);
  expect("feed.encodings.country_code", "feed.encodings", false);
  expect("runtime.session_filter.drop_view_only", "runtime.session_filter.drop_view_only", false);
  expect("runtime.session_filter.like_events", "runtime.session_filter.like_events", true);
  expect("runtime.session_filter.view_events", "runtime.session_filter.view_events", false);
  expect("runtime.output_columns[3]", "runtime.output_columns", true);
  expect("aggregations.windowed_joins[0].on.author_id", "aggregations.windowed_joins", true);
  expect("views.user_profile.source.path", "views.user_profile.source.path", true);
}

TEST(Config, WithoutADirectoryOneLineSaysHowToBegin) {
  try {
    load_config("nowhere/at/all");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kConfig);
    ASSERT_EQ(error.problems().size(), 1U);
    EXPECT_EQ(error.problems()[0].what,
              "there is no configuration in nowhere/at/all: it has no catalog/ and training/");
    EXPECT_TRUE(error.problems()[0].fix.starts_with("begin with `daeda synth world "));
  }
}

}  // namespace
}  // namespace daedalus
