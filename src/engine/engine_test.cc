#include "engine/engine.h"

#include <arrow/api.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/result_stream.h"

namespace daedalus {
namespace {

// Expected values by Python's xxhash: xxh3_64_intdigest(b'a1\x1flike').
TEST(EventTie, IsXxh3OfIdUnitSeparatorEvent) {
  Engine engine({});
  EXPECT_EQ(engine.query("SELECT event_tie('a1', 'like')"), (TextRows{{"9094480647101506938"}}));
  EXPECT_EQ(engine.query("SELECT event_tie('é', '')"), (TextRows{{"1482841371185208040"}}));
  EXPECT_EQ(engine.query("SELECT event_tie(NULL, 'like')"), (TextRows{{std::nullopt}}));
}

TEST(Engine, ReadsAndWritesTimesInUtc) {
  Engine engine({});
  EXPECT_EQ(engine.query("SELECT TIMESTAMPTZ '2026-05-15 10:00:00+02'::TIMESTAMP"),
            (TextRows{{"2026-05-15 08:00:00"}}));
}

ErrorKind kind_of(Engine& engine, const std::string& sql) {
  try {
    engine.query(sql);
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::kBug;
}

TEST(Engine, SaysWhoMustAct) {
  Engine engine(EngineSettings{{{"memory_limit", "50MB"}, {"temp_directory", ""}}, {"."}});
  EXPECT_EQ(kind_of(engine, "FROM read_parquet('no-such-file.parquet')"), ErrorKind::kInput);
  EXPECT_EQ(kind_of(engine, "SELECT CAST(range::VARCHAR || 'x' AS INTEGER) FROM range(3)"),
            ErrorKind::kInput);
  EXPECT_EQ(kind_of(engine, "SELECT list(range) FROM range(100000000)"), ErrorKind::kEnvironment);
  const EngineSettings unknown{{{"no_such_setting", "1"}}, {}};
  EXPECT_THROW(Engine{unknown}, Error);
}

TEST(Engine, EnginesOfOneInstanceShareItsSettingsAndFunctionsAndNothingElse) {
  ::setenv("TZ", "America/St_Johns", 1);
  const EngineSettings shared = share_instance({{{"memory_limit", "100MB"}, {"threads", "2"}}, {}});
  Engine first(shared);
  Engine second(shared);
  ::unsetenv("TZ");
  first.create_view("v", "SELECT 1 AS x");
  first.execute("CREATE TEMP TABLE t AS SELECT 1 AS x");
  first.set_variable("y", "7");
  for (Engine* engine : {&first, &second}) {
    EXPECT_EQ(engine->query("SELECT current_setting('TimeZone')").at(0).at(0), "UTC");
    EXPECT_EQ(engine->query("SELECT current_setting('memory_limit')").at(0).at(0), "95.3 MiB");
    EXPECT_EQ(engine->query("SELECT event_tie('a', 'b') IS NOT NULL").at(0).at(0), "true");
    EXPECT_THROW(engine->execute("SET threads = 1"), Error);
  }
  EXPECT_THROW(second.query("FROM v"), Error);
  EXPECT_THROW(second.query("FROM t"), Error);
  EXPECT_EQ(second.query("SELECT getvariable('y')").at(0).at(0), std::nullopt);
  const auto stream = first.stream("SELECT * FROM range(100000)");
  EXPECT_EQ(second.query_count("SELECT sum(range) FROM range(10)"), 45);
  EXPECT_EQ(stream->next(100'000)->num_rows(), 100'000);
}

// 70,000 rows are two of the runs that it reads.
TEST(ResultStream, GivesTheRestInOneChunkOrNothing) {
  Engine engine({});
  const std::string select = "SELECT range AS n, [range::VARCHAR] AS list FROM range(70000)";
  const auto stream = engine.stream(select);
  EXPECT_EQ(stream->next(10)->num_rows(), 10);
  const auto rest = stream->rest();
  ASSERT_EQ(rest->num_rows(), 69'990);
  for (const auto& column : rest->columns()) ASSERT_EQ(column->num_chunks(), 1);
  EXPECT_EQ(rest->column(0)->GetScalar(0).ValueOrDie()->ToString(), "10");
  EXPECT_EQ(rest->column(1)->GetScalar(69'989).ValueOrDie()->ToString(), "list<l: string>[69999]");
  EXPECT_EQ(stream->rest()->num_rows(), 0);
  EXPECT_EQ(Engine({}).stream(select)->rest(1'000'000), nullptr);
  EXPECT_EQ(Engine({}).table("SELECT 1 AS x WHERE false")->num_rows(), 0);
}

}  // namespace
}  // namespace daedalus
