#include "catalog/type_text.h"

#include <gtest/gtest.h>

namespace daedalus {
namespace {

TEST(TypeText, TypesAreReplacedWhereverTheyStandAndNamesNever) {
  EXPECT_EQ(normalised_type("TIMESTAMP WITH TIME ZONE"), "TIMESTAMP");
  EXPECT_EQ(normalised_type("TIMESTAMP_NS[][3]"), "TIMESTAMP[][3]");
  EXPECT_EQ(normalised_type("STRUCT(UUID UUID, k BIGINT)"), "STRUCT(UUID VARCHAR, k BIGINT)");
  EXPECT_EQ(normalised_type(R"(STRUCT("a ""JSON"", (x" JSON, EVENT_TIMESTAMP_MS TIMESTAMP_MS)[])"),
            R"(STRUCT("a ""JSON"", (x" VARCHAR, EVENT_TIMESTAMP_MS TIMESTAMP)[])");
  EXPECT_EQ(normalised_type("MAP(VARCHAR, STRUCT(t TIMESTAMP_S))"),
            "MAP(VARCHAR, STRUCT(t TIMESTAMP))");
  EXPECT_EQ(normalised_type("ENUM('a)', 'b')"), "VARCHAR");
  EXPECT_EQ(normalised_type("HUGEINT[]"), "BIGINT[]");
  EXPECT_EQ(normalised_type("DECIMAL(9,2)"), "DECIMAL(9,2)");
}

TEST(TypeText, TypesAsPeopleWriteThem) {
  EXPECT_EQ(canonical_type("bigint"), "BIGINT");
  EXPECT_EQ(canonical_type("int8[]"), "BIGINT[]");
  EXPECT_EQ(canonical_type("Text"), "VARCHAR");
  EXPECT_EQ(canonical_type("timestamptz"), "TIMESTAMP WITH TIME ZONE");
  EXPECT_EQ(canonical_type("timestamp with time zone"), "TIMESTAMP WITH TIME ZONE");
  EXPECT_EQ(canonical_type("decimal(18, 0)"), "DECIMAL(18,0)");
  EXPECT_EQ(canonical_type("STRUCT(Text INT)"), "STRUCT(Text INTEGER)");
}

TEST(TypeText, ElementsOfListsAndArrays) {
  EXPECT_EQ(element_type("VARCHAR[][]"), "VARCHAR[]");
  EXPECT_EQ(element_type("FLOAT[64]"), "FLOAT");
  EXPECT_FALSE(is_list_type("STRUCT(a VARCHAR[])"));
}

}  // namespace
}  // namespace daedalus
