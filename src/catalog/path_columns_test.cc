#include "catalog/path_columns.h"

#include <gtest/gtest.h>

namespace daedalus {
namespace {

using Values = std::map<std::string, std::optional<std::string>>;

TEST(PathColumns, AreTakenFromDirectoriesByTheSourcesName) {
  MappedSource source;
  source.path_columns = {"country_code", "platform_code"};
  source.columns = {{"country_code", "cc"}, {"event", "action"}};
  EXPECT_EQ(path_columns_of(source),
            (PathColumns{{"country_code", "cc"}, {"platform_code", "platform_code"}}));
  EXPECT_EQ(path_values("/data/cc=DE/platform_code=ios/part.parquet", path_columns_of(source)),
            (Values{{"country_code", "DE"}, {"platform_code", "ios"}}));
}

TEST(PathColumns, TheNameOfAFileIsNoDirectory) {
  EXPECT_EQ(path_values("data/x/cc=DE", {{"cc", "cc"}}), Values{});
  EXPECT_EQ(path_values("data/x/cc=DE/", {{"cc", "cc"}}), (Values{{"cc", "DE"}}));
  EXPECT_EQ(path_values("data/x/part.parquet", {{"cc", "cc"}}), Values{});
  EXPECT_EQ(path_values("/cc/part.parquet", {{"cc", "cc"}}), Values{});
}

TEST(PathColumns, ValuesAreDecodedOnceAndOneMeansNull) {
  const PathColumns columns{{"a b", "a b"}, {"c", "c"}};
  EXPECT_EQ(path_values("a%20b=x%3Ay%2fz%2541/c=__HIVE_DEFAULT_PARTITION__/f", columns),
            (Values{{"a b", "x:y/z%41"}, {"c", std::nullopt}}));
  EXPECT_EQ(path_values("c=1=2/f", columns), (Values{{"c", "1=2"}}));
  EXPECT_EQ(path_values("c=100%/f", columns), (Values{{"c", "100%"}}));
  EXPECT_EQ(path_values("c=%zz%4/f", columns), (Values{{"c", "%zz%4"}}));
  EXPECT_EQ(path_values("c=/f", columns), (Values{{"c", ""}}));
  EXPECT_THROW(path_values("c=a%00b/f", columns), Error);
}

TEST(PathColumns, AnExactNameCountsBeforeOneInAnotherCase) {
  EXPECT_EQ(path_values("Cc=US/cc=DE/f", {{"cc", "cc"}}), (Values{{"cc", "DE"}}));
  EXPECT_EQ(path_values("Cc=US/f", {{"cc", "cc"}}), (Values{{"cc", "US"}}));
  EXPECT_THROW(path_values("Cc=US/cC=DE/f", {{"cc", "cc"}}), Error);
  EXPECT_THROW(path_values("cc=US/x/cc=DE/f", {{"cc", "cc"}}), Error);
}

}  // namespace
}  // namespace daedalus
