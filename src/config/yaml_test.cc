#include "config/yaml.h"

#include <gtest/gtest.h>

#include <map>

namespace daedalus::config {
namespace {

Node parse(std::string_view text) {
  Problems problems;
  const auto node = parse_yaml(text, {.file = "f"}, problems);
  EXPECT_TRUE(problems.empty()) << text;
  return node.value_or(Node{});
}

std::string why_not(std::string_view text) {
  Problems problems;
  EXPECT_FALSE(parse_yaml(text, {.file = "f"}, problems).has_value()) << text;
  return problems.empty() ? "" : problems.sorted()[0].to_string();
}

TEST(Yaml, KeepsLines) {
  const Node root = parse("a: 1\n\nb:\n  - x\n  - {c: y,\n     d: z}\n");
  EXPECT_EQ(root.find("a")->where.line, 1);
  EXPECT_EQ(locate(root, "b[0]").node->where.line, 4);
  EXPECT_EQ(locate(root, "b[1].c").node->where.line, 5);
  EXPECT_EQ(locate(root, "b[1].d").node->where.line, 6);
  EXPECT_EQ(locate(root, "b[1].d").node->where.file, "f");
}

TEST(Yaml, NothingIsNull) {
  for (const char* text : {"", "\n", "# only a comment\n", "---\n", "---\n...\n"}) {
    EXPECT_TRUE(parse(text).is_null()) << text;
  }
}

TEST(Yaml, OnlyUtf8) {
  EXPECT_EQ(parse("a: \xC3\xA4\xF0\x9F\x90\x8E\n").find("a")->text, "\xC3\xA4\xF0\x9F\x90\x8E");
  EXPECT_NE(why_not("a: 1\nb: \xFF\n").find("f:2: not UTF-8"), std::string::npos);
  EXPECT_NE(why_not("a: \xC0\x80\n").find("not UTF-8"), std::string::npos);          // overlong
  EXPECT_NE(why_not("a: \xE0\x80\x80\n").find("not UTF-8"), std::string::npos);      // overlong
  EXPECT_NE(why_not("a: \xED\xA0\x80\n").find("not UTF-8"), std::string::npos);      // surrogate
  EXPECT_NE(why_not("a: \xF4\x90\x80\x80\n").find("not UTF-8"), std::string::npos);  // too large
  EXPECT_NE(why_not("a: \xC3").find("not UTF-8"), std::string::npos);                // cut off
  EXPECT_NE(why_not("\xFF\xFE"
                    "a")
                .find("not UTF-8"),
            std::string::npos);  // UTF-16
  EXPECT_NE(why_not("a: 1\nb: \"x\\_\"\n").find("f:2: not valid YAML: the escape \\_"),
            std::string::npos);
  EXPECT_NE(why_not("\"\\N\": 1\n").find("f:1: not valid YAML: the escape"), std::string::npos);
  EXPECT_EQ(parse("a: \"\\u00a0\"\n").find("a")->text, "\xC2\xA0");
}

TEST(Yaml, HasLimits) {
  EXPECT_NE(why_not(std::string(5 << 20, '#')).find("larger than 4 MiB"), std::string::npos);
  EXPECT_NE(why_not(std::string(100'000, '[')).find("too deep"), std::string::npos);
  EXPECT_NE(why_not(std::string(100'000, '{')).find("f:1"), std::string::npos);
  EXPECT_NE(why_not("a: [" + std::string(500'000, ',') + "]").find("f:1"), std::string::npos);
}

TEST(Yaml, FindsTheKeyGivenTwiceAmongVeryMany) {
  std::string text;
  for (int i = 1; i <= 90'000; ++i) text += "k" + std::to_string(i) + ": x\n";
  Problems problems;
  const auto root = parse_yaml(text + "k777: y\n", {.file = "f"}, problems);
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(root->entries.size(), 90'000U);
  EXPECT_EQ(root->find("k777")->text, "x");
  const auto told = problems.sorted();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].where.line, 90'001);
  EXPECT_EQ(told[0].what, "the key 'k777' is given twice, first on line 777");
}

TEST(Yaml, AliasesCountAsWhatTheyStandFor) {
  const auto nested = [](const std::string& inner) {
    return std::string(20, '[') + inner + std::string(20, ']');
  };
  const std::string twice = "a: &a " + nested("x") + "\nb: " + nested("*a") + "\n";
  EXPECT_NE(why_not(twice).find("f:2: not valid YAML: values nested too deeply"),
            std::string::npos);
  EXPECT_EQ(to_flow(parse("a: &a [x]\nb: " + nested("*a") + "\n")),
            "{a: [x], b: " + nested("[x]") + "}");
}

// Each anchor keeps a copy of all that is below it.
TEST(Yaml, AnchorsWithinAnchorsHaveLimits) {
  std::string text = "a: ";
  for (int i = 0; i < 30; ++i) text += "&a" + std::to_string(i) + " [";
  for (int i = 0; i < 20'000; ++i) text += "x,";
  EXPECT_NE(why_not(text + std::string(30, ']')).find("too many values"), std::string::npos);
}

TEST(Yaml, ScalarsAreThoseOfTheCoreSchema) {
  const std::map<std::string, ScalarType> types = {
      {"5", ScalarType::kInteger},    {"-5", ScalarType::kInteger},
      {"+5", ScalarType::kInteger},   {"010", ScalarType::kInteger},
      {"0x1F", ScalarType::kInteger}, {"0o17", ScalarType::kInteger},
      {"1_000", ScalarType::kText},   {"0b1", ScalarType::kText},
      {"5.", ScalarType::kFloat},     {".5", ScalarType::kFloat},
      {".", ScalarType::kText},       {"1e3", ScalarType::kFloat},
      {"1e", ScalarType::kText},      {"-1.5E-3", ScalarType::kFloat},
      {".inf", ScalarType::kFloat},   {"-.INF", ScalarType::kFloat},
      {".nan", ScalarType::kFloat},   {"inf", ScalarType::kText},
      {"true", ScalarType::kBoolean}, {"FALSE", ScalarType::kBoolean},
      {"tRue", ScalarType::kText},    {"yes", ScalarType::kText},
      {"on", ScalarType::kText},      {"2026-05-15", ScalarType::kText},
      {"1.2.3", ScalarType::kText},   {"7d", ScalarType::kText},
  };
  for (const auto& [text, type] : types) {
    EXPECT_EQ(scalar_type(parse(text)), type) << text;
    EXPECT_EQ(scalar_type(parse("'" + text + "'")), ScalarType::kText) << text;
    EXPECT_EQ(scalar_type(parse("!!str " + text)), ScalarType::kText) << text;
  }
}

TEST(Yaml, TheKeyOnIsText) {
  EXPECT_NE(parse("{on: a}").find("on"), nullptr);
  EXPECT_NE(parse("{\"on\": a}").find("on"), nullptr);
}

TEST(Yaml, FlowTextReadsBackTheSame) {
  for (const char* text :
       {"[a, 5, '5', null, 'null', \"\", true, 'true', 1.5, [], {}]",
        R"({a b: 'c: d', "e\n": "#\"\\"})", R"("\t\x01")", "[-, 'a,b', '{x}', ~, '~']"}) {
    const std::string flow = to_flow(parse(text));
    EXPECT_EQ(to_flow(parse(flow)), flow) << text;
    EXPECT_EQ(flow.find('\n'), std::string::npos);
  }
  EXPECT_EQ(to_flow(parse("[a, '5', 5, null, 'null', x/*.parquet]")),
            "[a, \"5\", 5, null, \"null\", \"x/*.parquet\"]");
}

TEST(Locate, FindsTheInnermostAndTheRest) {
  const Node root = parse("a: {b.c: [1, 2], b: 3}\n");
  EXPECT_EQ(locate(root, "a.b.c[1]").node->text, "2");
  EXPECT_EQ(locate(root, "a.b").node->text, "3");
  EXPECT_EQ(locate(root, "a.b.c[2]").rest, "[2]");
  EXPECT_EQ(locate(root, "a.b.c[x]").rest, "[x]");
  EXPECT_EQ(locate(root, "a.b.c[").rest, "[");
  EXPECT_EQ(locate(root, "a.b.c[99999999999999999999]").rest, "[99999999999999999999]");
  EXPECT_EQ(locate(root, "x.y").rest, "x.y");
  EXPECT_EQ(locate(root, "").node, &root);
}

}  // namespace
}  // namespace daedalus::config
