#include "plan/literals.h"

#include <gtest/gtest.h>

namespace daedalus {
namespace {

// Whether `literal` is refused as a value of a column of `type`.
bool refused(Engine& engine, const Literal& literal, const std::string& type) {
  try {
    value_of_type(engine, {"c", literal}, type);
    return false;
  } catch (const Error& error) {
    return error.kind() == ErrorKind::kConfig;
  }
}

std::string matching(Engine& engine, const Literal& literal, const std::string& type,
                     const std::string& rows) {
  const auto found = engine.query("SELECT list(c) FROM (VALUES " + rows + ") AS t(c) WHERE " +
                                  condition(engine, {"c", literal}, type));
  return found.at(0).at(0).value_or("none");
}

TEST(Literals, AListIsAnyOfItsValuesAndNullIsNull) {
  Engine engine({});
  const std::string rows = "('a'), ('b'), (NULL)";
  EXPECT_EQ(matching(engine, {std::string("a")}, "VARCHAR", rows), "[a]");
  EXPECT_EQ(matching(engine, {}, "VARCHAR", rows), "[NULL]");
  EXPECT_EQ(matching(engine, {Literal::List{{std::string("b")}, {}}}, "VARCHAR", rows),
            "[b, NULL]");
}

TEST(Literals, NumbersAreComparedAsTheyAre) {
  Engine engine({});
  EXPECT_EQ(matching(engine, {0.5}, "INTEGER", "(0), (1)"), "none");
  EXPECT_EQ(matching(engine, {std::int64_t{1}}, "DOUBLE", "(1.0), (1.5)"), "[1.0]");
  EXPECT_EQ(matching(engine, {0.1}, "FLOAT", "(0.1::FLOAT), (0.2::FLOAT)"), "[0.1]");
  EXPECT_EQ(matching(engine, {std::int64_t{5}}, "VARCHAR", "('5'), ('x')"), "[5]");
}

TEST(Literals, ATextThatIsATimeHasItsZone) {
  Engine engine({});
  EXPECT_EQ(matching(engine, {std::string("2026-05-15T12:00:00+02:00")}, "TIMESTAMP",
                     "(TIMESTAMP '2026-05-15 10:00:00'), (TIMESTAMP '2026-05-15 12:00:00')"),
            "['2026-05-15 10:00:00']");
}

TEST(Literals, AValueThatWouldChangeIsRefused) {
  Engine engine({});
  EXPECT_TRUE(refused(engine, {0.5}, "INTEGER"));
  EXPECT_TRUE(refused(engine, {std::int64_t{300}}, "TINYINT"));
  EXPECT_TRUE(refused(engine, {std::string("x")}, "INTEGER"));
  EXPECT_TRUE(refused(engine, {std::string("x")}, "TIMESTAMP"));
  EXPECT_TRUE(refused(engine, {Literal::List{{1.5}}}, "BIGINT[]"));
  EXPECT_TRUE(refused(engine, {std::string("1.5")}, "BIGINT"));
  EXPECT_FALSE(refused(engine, {2.0}, "INTEGER"));
  EXPECT_FALSE(refused(engine, {std::string("2")}, "INTEGER"));
  EXPECT_FALSE(refused(engine, {Literal::List{{std::int64_t{1}}, {}}}, "BIGINT[]"));
  EXPECT_FALSE(refused(engine, {}, "INTEGER"));
  EXPECT_FALSE(refused(engine, {Literal::List{{std::string("a")}}}, "VARCHAR[]"));
}

TEST(Literals, ATypeIsATypeAndNothingElse) {
  Engine engine({});
  EXPECT_EQ(quote_type(engine, "int"), "INTEGER");
  EXPECT_EQ(quote_type(engine, "FLOAT[]"), "FLOAT[]");
  EXPECT_EQ(quote_type(engine, "DECIMAL(9, 2)"), "DECIMAL(9,2)");
  for (const char* text : {"", "nothing", "INTEGER) , (SELECT 1", "INTEGER; DROP TABLE x",
                           "INTEGER -- x", "INTEGER), (1", "STRUCT(\"(\" INTEGER)) IN (\")\"",
                           "STRUCT(\"(\" INTEGER)), (SELECT \")\"", "\"INTEGER"}) {
    EXPECT_THROW(quote_type(engine, text), Error) << text;
  }
}

}  // namespace
}  // namespace daedalus
