#include "engine/json_record.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace daedalus {
namespace {

using Texts = std::vector<std::optional<std::string>>;

TEST(JsonRecord, GivesValuesAsTheyAreWritten) {
  const std::string record =
      R"({"n": 12.70, "e": 1e2, "s": "a\"b", "t": true, "z": null, "l": [1, 2.50, {"k": "v"}], "o": {}})";
  EXPECT_EQ(json_texts(record, {"n", "e", "s", "t", "z", "absent", "l", "o"},
                       std::vector<bool>(8, false)),
            (Texts{"12.70", "1e2", "a\"b", "true", std::nullopt, std::nullopt,
                   R"([1,2.50,{"k":"v"}])", "{}"}));
  EXPECT_EQ(json_texts(record, {"n", "l"}, {true, true}),
            (Texts{"12.70", R"(["1","2.50",{"k":"v"}])"}));
}

TEST(JsonRecord, TellsWhatIsNoObjectAndWhatHasAKeyTwice) {
  JsonShapes shapes;
  EXPECT_EQ(add_json_record(R"({"a": 1, "a": 2})", {}, shapes), "has the key 'a' twice");
  EXPECT_EQ(add_json_record(R"({"x": {"a": 1, "a": 2}})", {"x"}, shapes), "has the key 'a' twice");
  EXPECT_EQ(add_json_record("[1]", {}, shapes), "is no object");
  EXPECT_EQ(add_json_record("5", {}, shapes), "is no object");
  EXPECT_EQ(add_json_record("null", {}, shapes), "is no object");
  EXPECT_EQ(add_json_record(R"({"a": NaN})", {}, shapes), "is not valid JSON");
  EXPECT_THROW(json_texts("7", {"a"}, {false}), std::invalid_argument);
}

TEST(JsonRecord, LooksAtWantedKeysInAnyCase) {
  JsonShapes shapes;
  EXPECT_EQ(add_json_record(R"({"Tag": "x", "other": {"deep": [1]}})", {"tag"}, shapes), "");
  EXPECT_EQ(add_json_record(R"({"tag": 5})", {"tag"}, shapes), "");
  EXPECT_EQ(shapes.columns.at("Tag").type(), "VARCHAR");
  EXPECT_EQ(shapes.columns.at("tag").type(), "BIGINT");
  EXPECT_EQ(shapes.columns.size(), 2);
  EXPECT_EQ(JsonShapes::from_json(shapes.to_json()).names,
            (std::set<std::string>{"Tag", "other", "tag"}));
}

}  // namespace
}  // namespace daedalus
