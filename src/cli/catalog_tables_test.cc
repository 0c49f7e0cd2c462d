#include "cli/catalog_tables.h"

#include <gtest/gtest.h>

namespace daedalus::cli {
namespace {

const SourceSummary kFeed = {"feed",
                             "feed",
                             "data/*.parquet",
                             "parquet",
                             3,
                             1'500'000,
                             {{"user_id", "BIGINT"}, {"tags", "VARCHAR[]"}},
                             ""};
const SourceSummary kView = {"art", "feature view", "art.csv", "csv", 0, 0, {}, "no file"};

TEST(CatalogTables, ListsSources) {
  EXPECT_EQ(source_table({kFeed, kView}),
            "name  kind          format   files   bytes  columns  path\n"
            "feed  feed          parquet      3  1.5 MB        2  data/*.parquet\n"
            "art   feature view  csv          0     0 B        ?  art.csv\n");
}

TEST(CatalogTables, ShowsColumns) {
  EXPECT_EQ(source_details(kFeed),
            "name    feed\n"
            "kind    feed\n"
            "path    data/*.parquet\n"
            "format  parquet\n"
            "files   3\n"
            "bytes   1.5 MB\n"
            "\n"
            "column   type\n"
            "user_id  BIGINT\n"
            "tags     VARCHAR[]\n");
}

TEST(CatalogTables, ShowsDaysAndRowsOfNone) {
  const std::vector<FeedPartitionDays> partitions = {
      {"2026-05", 2, {{"2026-05-15", 1'200}, {"2026-05-16", 30}}, 4, 5, ""},
      {"2026-06", 1, {}, 0, 0, "not a Parquet file"}};
  EXPECT_EQ(day_table(partitions),
            "partition  files  day          rows  misplaced  without time\n"
            "2026-05           2026-05-15  1,200\n"
            "2026-05           2026-05-16     30\n"
            "2026-05        2  all         1,230          4             5\n"
            "2026-06        1  unreadable      0          0             0\n");
  EXPECT_EQ(to_json(partitions).at(0).at("days").at(1).dump(), R"({"day":"2026-05-16","rows":30})");
  EXPECT_EQ(to_json(partitions).at(1).at("error"), "not a Parquet file");
}

TEST(CatalogTables, JsonSurvivesTextThatIsNotUtf8) {
  SourceSummary source = kView;
  source.path = "\xff.csv";
  EXPECT_NE(to_text(to_json(source)).find("\xEF\xBF\xBD.csv"), std::string::npos);
}

}  // namespace
}  // namespace daedalus::cli
