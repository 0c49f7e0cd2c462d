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

TEST(CatalogTables, ShowsCoverageRoundedDown) {
  const DayCoverage coverage{
      "2026-05-15",
      {{"art", "feature view", "artwork_id", 3, 2, 2'000, 1'999, ""},
       {"user", "feature view", "user_id", 4, 4, 2'000, 2'000, ""},
       {"none", "feature view", "user_id", 0, 0, 0, 0, ""},
       {"embedding_pool", "embedding pool", "artwork_id", 0, 0, 0, 0, "no file"}}};
  EXPECT_EQ(
      coverage_table(coverage),
      "2026-05-15\n\n"
      "source          kind            by          ids  found            rows  found\n"
      "art             feature view    artwork_id    3      2   66.6 %  2,000  1,999   99.9 %\n"
      "user            feature view    user_id       4      4  100.0 %  2,000  2,000  100.0 %\n"
      "none            feature view    user_id       0      0        -      0      0        -\n"
      "embedding_pool  embedding pool  artwork_id    ?      ?        ?      ?      ?        ?\n");
  const Json sources = to_json(coverage).at("sources");
  EXPECT_EQ(sources.at(0).at("rows_found"), 1'999);
  EXPECT_EQ(
      sources.at(3).dump(),
      R"({"name":"embedding_pool","kind":"embedding pool","key":"artwork_id","error":"no file"})");
}

TEST(CatalogTables, JsonSurvivesTextThatIsNotUtf8) {
  SourceSummary source = kView;
  source.path = "\xff.csv";
  EXPECT_NE(to_text(to_json(source)).find("\xEF\xBF\xBD.csv"), std::string::npos);
}

}  // namespace
}  // namespace daedalus::cli
