#include "engine/engine.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace daedalus
