#include "catalog/source_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace daedalus {
namespace {

namespace fs = std::filesystem;

// A directory of empty files, gone with the test.
class SourceFiles : public ::testing::Test {
 protected:
  SourceFiles()
      : root_(fs::path(::testing::TempDir()) / ("source-files-" + std::to_string(getpid()))) {}
  void TearDown() override { fs::remove_all(root_); }

  void touch(const std::string& name) const {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << "x";
  }

  std::vector<std::string> labels(const std::string& pattern) {
    std::vector<std::string> found;
    for (const FeedPartition& partition : list_feed_partitions(engine_, source(pattern))) {
      found.push_back(partition.label + ":" + std::to_string(partition.datasets.size()));
    }
    return found;
  }

  [[nodiscard]] Source source(const std::string& pattern) const {
    return {SourceFormat::kParquet, (root_ / pattern).string(), {}};
  }

  fs::path root_;
  Engine engine_{{{}, {root_}}};
};

using Labels = std::vector<std::string>;

TEST_F(SourceFiles, PartitionsComeInOrderOfTimeWithTheirFiles) {
  touch("month=202605/b.parquet");
  touch("month=202605/a.parquet");
  touch("month=202512/a.parquet");
  touch("month=202613/a.parquet");  // no month
  touch("month=2026/a.parquet");
  EXPECT_EQ(labels("month={YYYYMM}/*.parquet"), (Labels{"2025-12:1", "2026-05:2"}));
}

TEST_F(SourceFiles, DaysAndYearsAndNoPartition) {
  touch("2026/02/29/a.parquet");  // no day
  touch("2026/02/28/a.parquet");
  EXPECT_EQ(labels("{YYYY}/{MM}/{DD}/*.parquet"), (Labels{"2026-02-28:1"}));
  EXPECT_EQ(labels("{YYYY}/*/*/*.parquet"), (Labels{"2026:2"}));
  EXPECT_EQ(labels("*/*/*/*.parquet"), (Labels{"all:2"}));
}

TEST_F(SourceFiles, FieldsThatDisagreeBelongToNoPartition) {
  touch("2026/202605/a.parquet");
  touch("2025/202605/a.parquet");
  EXPECT_EQ(labels("{YYYY}/{YYYYMM}/*.parquet"), (Labels{"2026-05:1"}));
}

TEST_F(SourceFiles, WildcardsBesideFieldsMatchWhatTheGlobMatches) {
  touch("202605/a.parquet");
  touch("202605/x/y/b.parquet");
  touch("202605/c+(1).parquet");
  EXPECT_EQ(labels("{YYYYMM}/**/*.parquet"), (Labels{"2026-05:3"}));
  EXPECT_EQ(labels("{YYYYMM}/[!a]*.parquet"), (Labels{"2026-05:1"}));
  EXPECT_EQ(labels("{YYYYMM}/c+(1).parquet"), (Labels{"2026-05:1"}));
  EXPECT_EQ(labels("{YYYYMM}//a.parquet"), (Labels{"2026-05:1"}));
}

TEST_F(SourceFiles, AMonthIsTheIntervalOfItsDays) {
  touch("202602/a.parquet");
  const auto partitions = list_feed_partitions(engine_, source("{YYYYMM}/*"));
  EXPECT_EQ(partitions.at(0).interval, (Interval{day_start(parse_day("2026-02-01").value()),
                                                 day_start(parse_day("2026-03-01").value())}));
  const InputFile& file = partitions.at(0).datasets.at(0).files.at(0);
  EXPECT_EQ(file.bytes, 1);
  EXPECT_GT(file.mtime_us, 1'700'000'000'000'000);
}

}  // namespace
}  // namespace daedalus
