// Whatever bytes a name or a value has, DuckDB gives them back, or it is refused.
#include "engine/quote.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

#include "engine/engine.h"

namespace daedalus {
namespace {

// Never closed: when the process ends, what other tests had DuckDB load may be gone before it.
Engine& engine() {
  static auto* const shared = new Engine(EngineSettings{});
  return *shared;
}

// Bytes of all kinds, those that SQL heeds more often than others.
rc::Gen<std::string> hostile_text() {
  const auto piece = rc::gen::weightedOneOf<std::string>(
      {{6, rc::gen::elementOf(std::vector<std::string>{
               "'",  "\"", "''", "\"\"", "\\", ";",    "--", "/*",     "*/",   "(",     ")",
               "$$", "{{", "}}", "\n",   "\r", "\t",   " ",  "\x1f",   "\x7f", "?",     "$1",
               "%",  "é",  "😀", "E'",   "x'", "U&\"", "::", "select", "A",    "\u2028"})},
       {1, rc::gen::map(rc::gen::arbitrary<char>(), [](char c) { return std::string(1, c); })}});
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const std::string& each : pieces) text += each;
                        return text;
                      });
}

// What `read` gives back; absent when the text is refused. Only what is no text of SQL may be.
template <typename Read>
std::optional<std::string> unless_refused(const std::string& text, Read read) {
  try {
    return read();
  } catch (const Error& error) {
    const bool is_odd = text.empty() || text.find('\0') != std::string::npos ||
                        std::string(error.what()).find("nicode") != std::string::npos ||
                        std::string(error.what()).find("UTF") != std::string::npos;
    RC_ASSERT(is_odd);
    return std::nullopt;
  }
}

RC_GTEST_PROP(Quote, TextComesBack, ()) {
  const std::string text = *hostile_text();
  const auto back = unless_refused(
      text, [&] { return engine().query("SELECT " + quote_text(text)).at(0).at(0).value(); });
  if (back) RC_ASSERT(*back == text);
}

RC_GTEST_PROP(Quote, AListOfTextsComesBack, ()) {
  const auto texts = *rc::gen::container<std::vector<std::string>>(rc::gen::suchThat(
      hostile_text(),
      [](const std::string& text) { return text.find('\0') == std::string::npos; }));
  std::string all;
  for (const std::string& text : texts) all += text + "|";
  const auto back = unless_refused(all, [&] {
    return engine()
        .query("SELECT coalesce(string_agg(x || '|', ''), '') FROM (SELECT unnest(" +
               quote_text_list(texts) + ") AS x)")
        .at(0)
        .at(0)
        .value();
  });
  if (back) RC_ASSERT(*back == all);
}

RC_GTEST_PROP(Quote, ANameComesBack, ()) {
  const std::string name = *hostile_text();
  const auto back = unless_refused(
      name, [&] { return engine().describe("SELECT 1 AS " + quote_identifier(name)).at(0).name; });
  if (back) RC_ASSERT(*back == name);
}

RC_GTEST_PROP(Quote, ARelationIsFoundByItsName, ()) {
  const std::string name = *hostile_text();
  const auto back = unless_refused(name, [&] {
    engine().create_view(name, "SELECT 7 AS " + quote_identifier(name));
    return engine()
        .query("SELECT " + quote_identifier(name) + " FROM " + quote_identifier(name))
        .at(0)
        .at(0)
        .value();
  });
  if (back) RC_ASSERT(*back == "7");
}

// Types come from files, and their text from DuckDB, which quotes the names in them.
RC_GTEST_PROP(Quote, ATypeWithAnyNameInItIsTheSameType, ()) {
  const std::string name = *hostile_text();
  unless_refused(name, [&] {
    const std::string type =
        engine()
            .describe("SELECT {" + quote_text(name) + ": [" + quote_text(name) + "]} AS x")
            .at(0)
            .type;
    RC_ASSERT(engine().describe("SELECT NULL::" + type + " AS x").at(0).type == type);
    return type;
  });
}

TEST(Quote, RefusesWhatSqlCantCarry) {
  EXPECT_THROW(quote_text(std::string("a\0b", 3)), Error);
  EXPECT_THROW(quote_identifier(std::string("a\0b", 3)), Error);
  EXPECT_THROW(quote_identifier(""), Error);
}

TEST(Quote, LiteralsHaveTheTypeOfTheirYamlValue) {
  const auto type = [&](const Literal& literal) {
    return engine().describe("SELECT " + quote_literal(literal)).at(0).type;
  };
  EXPECT_EQ(type({std::int64_t{1}}), "BIGINT");
  EXPECT_EQ(type({0.5}), "DOUBLE");
  EXPECT_EQ(type({true}), "BOOLEAN");
  EXPECT_EQ(type({std::string("1")}), "VARCHAR");
  EXPECT_EQ(type({}), "VARCHAR");
  EXPECT_EQ(type({Literal::List{}}), "VARCHAR[]");
  EXPECT_EQ(type({Literal::List{{std::int64_t{1}}, {}}}), "BIGINT[]");
  EXPECT_EQ(engine().query("SELECT " + quote_literal({0.1}) + " = 0.1::DOUBLE"),
            (TextRows{{"true"}}));
  EXPECT_EQ(engine().query("SELECT " + quote_literal({std::numeric_limits<std::int64_t>::min()})),
            (TextRows{{"-9223372036854775808"}}));
}

}  // namespace
}  // namespace daedalus
