#include "base/text_shape.h"

#include <gtest/gtest.h>

namespace daedalus {
namespace {

// The type of a column of CSV with these values.
std::string type_of(const std::vector<std::string>& values) {
  TextShape shape;
  for (const std::string& value : values) shape.add_scalar(types_of_text(value));
  return shape.type();
}

TEST(TextShape, ATypeHoldsAllValuesAsTheyAreWritten) {
  EXPECT_EQ(type_of({}), kNoValues);
  EXPECT_EQ(type_of({"0", "-7", "9223372036854775807"}), "BIGINT");
  EXPECT_EQ(type_of({"5", "12.70", "1e3", "-0.5"}), "DOUBLE");
  EXPECT_EQ(type_of({"true", "FALSE"}), "BOOLEAN");
  EXPECT_EQ(type_of({"2026-05-15", "2024-02-29"}), "DATE");
  EXPECT_EQ(type_of({"2026-05-15", "2026-05-15 18:30"}), "TIMESTAMP");
  EXPECT_EQ(type_of({"2026-05-15T18:30:00.123456789+02:00", "2026-05-15 18:30:00 UTC"}),
            "TIMESTAMP");
}

TEST(TextShape, WhatATypeWouldAlterIsText) {
  for (const char* value : {"0100",
                            "12345678901234567890",
                            "9223372036854775808",
                            "+5",
                            " 5",
                            "5 ",
                            "1,5",
                            "nan",
                            "inf",
                            "t",
                            "yes",
                            "0.12345678901234567890",
                            "1e400",
                            "00.5",
                            ".5",
                            "5.",
                            "0x10",
                            "2026-5-1",
                            "2026-02-30",
                            "2026-05-15 24:00",
                            "2026-05-15 18:30 +2",
                            "18:30",
                            "1_000"}) {
    EXPECT_EQ(type_of({value}), "VARCHAR") << value;
  }
  EXPECT_EQ(type_of({"1", "true"}), "VARCHAR");
  EXPECT_EQ(type_of({"2026-05-15", "5"}), "VARCHAR");
  // Whole numbers beside fractions, of which a DOUBLE would be another number.
  EXPECT_EQ(type_of({"9007199254740993", "0.5"}), "VARCHAR");
  EXPECT_EQ(type_of({"9007199254740992", "0.5"}), "DOUBLE");
}

TEST(TextShape, TimesAreInstantsRoundedDown) {
  EXPECT_EQ(parse_iso_time("1970-01-01 00:00:00.000001999")->micros, 1);
  EXPECT_EQ(parse_iso_time("1970-01-01T02:00+02:00")->micros, 0);
  EXPECT_EQ(parse_iso_time("1969-12-31T23:59:59Z")->micros, -1'000'000);
  EXPECT_EQ(parse_iso_time("1970-01-01T00:00:00-0130")->micros, std::int64_t{5400} * 1'000'000);
  EXPECT_TRUE(parse_iso_time("1970-01-01")->is_date);
  EXPECT_FALSE(parse_iso_time("1970-01-01 00:00")->is_zoned);
  EXPECT_FALSE(parse_iso_time("1970-01-01T00:00:60"));
}

TEST(TextShape, NestedValuesGoElementByElementAndMixedOnesAreText) {
  TextShape lists;
  lists.add_list().add_number("1");
  lists.add_list().add_number("2.5");
  EXPECT_EQ(lists.type(), "DOUBLE[]");
  TextShape objects;
  objects.add_object();
  objects.field("b").add_scalar(types_of_json_string("2026-05-15"));
  objects.field("a \"quoted\"");
  EXPECT_EQ(objects.type(), R"(STRUCT("a ""quoted""" VARCHAR, "b" DATE))");
  TextShape mixed = lists;
  mixed.merge(objects);
  EXPECT_EQ(mixed.type(), "VARCHAR");
  EXPECT_EQ(lists.type(), "DOUBLE[]");  // a copy of its own
}

TEST(TextShape, StringsOfJsonAreNoNumbers) {
  EXPECT_EQ(types_of_json_string("5"), 0);
  EXPECT_EQ(types_of_json_string("true"), 0);
}

TEST(TextShape, LaterValuesFitOrNot) {
  TextShape integers;
  integers.add_scalar(types_of_text("5"));
  TextShape fraction;
  fraction.add_scalar(types_of_text("0.5"));
  EXPECT_FALSE(fraction.fits(integers));
  EXPECT_TRUE(integers.fits(fraction));
  EXPECT_TRUE(TextShape{}.fits(integers));
  EXPECT_TRUE(fraction.fits(TextShape{}));
}

TEST(TextShape, ComesBackFromJson) {
  TextShape shape;
  shape.add_object();
  shape.field("x").add_list().add_number("1.50");
  const auto again = TextShape::from_json(shape.to_json());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->type(), shape.type());
  EXPECT_TRUE(again->has_other_numbers());
  EXPECT_FALSE(TextShape::from_json("[1]"));
  EXPECT_FALSE(TextShape::from_json("{\"list\": 5}"));
}

}  // namespace
}  // namespace daedalus
