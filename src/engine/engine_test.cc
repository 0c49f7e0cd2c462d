#include "engine/engine.h"

#include <gtest/gtest.h>

#include <limits>

#include "engine/quote.h"

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

TEST(Quote, TextCannotLeaveItsQuotes) {
  Engine engine({});
  for (const std::string& text :
       {std::string("o'brien"), std::string("a\"b"), std::string("'; DROP TABLE x; --"),
        std::string("\\'"), std::string("\n\x1f"), std::string("é😀")}) {
    EXPECT_EQ(engine.query("SELECT " + quote_text(text)), (TextRows{{text}}));
    EXPECT_EQ(engine.describe("SELECT 1 AS " + quote_identifier(text)).at(0).name, text);
  }
  EXPECT_THROW(quote_text(std::string("a\0b", 3)), Error);
  EXPECT_THROW(quote_identifier(""), Error);
}

TEST(Quote, LiteralsHaveTheTypeOfTheirYamlValue) {
  Engine engine({});
  const auto type = [&](const Literal& literal) {
    return engine.describe("SELECT " + quote_literal(literal)).at(0).type;
  };
  EXPECT_EQ(type({std::int64_t{1}}), "BIGINT");
  EXPECT_EQ(type({0.5}), "DOUBLE");
  EXPECT_EQ(type({true}), "BOOLEAN");
  EXPECT_EQ(type({std::string("1")}), "VARCHAR");
  EXPECT_EQ(type({}), "VARCHAR");
  EXPECT_EQ(type({Literal::List{}}), "VARCHAR[]");
  EXPECT_EQ(type({Literal::List{{std::int64_t{1}}, {}}}), "BIGINT[]");
  EXPECT_EQ(engine.query("SELECT " + quote_literal({0.1}) + " = 0.1::DOUBLE"),
            (TextRows{{"true"}}));
  EXPECT_EQ(engine.query("SELECT " + quote_literal({std::numeric_limits<std::int64_t>::min()})),
            (TextRows{{"-9223372036854775808"}}));
}

}  // namespace
}  // namespace daedalus
