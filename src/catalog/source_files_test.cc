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
    for (const FeedPartition& partition : partitions(pattern)) {
      found.push_back(partition.label + ":" + std::to_string(partition.datasets.size()));
    }
    return found;
  }

  std::vector<FeedPartition> partitions(const std::string& pattern, const TimeZone& zone = {}) {
    return list_feed_partitions(engine_, source(pattern), {}, zone);
  }

  // The paths below the root.
  std::vector<std::string> paths(const std::string& pattern,
                                 SourceFormat format = SourceFormat::kParquet) {
    std::vector<std::string> found;
    Source wanted = source(pattern);
    wanted.format = format;
    for (const Dataset& dataset : list_datasets(engine_, wanted))
      found.push_back(fs::path(dataset.path).lexically_relative(root_).string());
    return found;
  }

  // What listing says of it; empty when it finds files.
  std::string refusal(const std::string& pattern) {
    try {
      list_datasets(engine_, source(pattern));
      return "";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
      return error.what();
    }
  }

  [[nodiscard]] Source source(const std::string& pattern) const {
    return {SourceFormat::kParquet, (root_ / pattern).string(), {}};
  }

  fs::path root_;
  Engine engine_{{{}, {root_}}};
};

using Paths = std::vector<std::string>;
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
  const auto found = partitions("{YYYYMM}/*");
  EXPECT_EQ(found.at(0).interval, (Interval{day_start(parse_day("2026-02-01").value()),
                                            day_start(parse_day("2026-03-01").value())}));
  const InputFile& file = found.at(0).datasets.at(0).files.at(0);
  EXPECT_EQ(file.bytes, 1);
  EXPECT_GT(file.mtime_us, 1'700'000'000'000'000);
}

TEST_F(SourceFiles, WildcardsLeaveOutWhatIsHiddenAndAllBelowIt) {
  touch("a.parquet");
  touch("_a.parquet");
  touch(".a.parquet");
  touch("_temporary/0/b.parquet");
  touch("x/.staging/b.parquet");
  touch("x/c.parquet");
  EXPECT_EQ(paths("*.parquet"), (Paths{"a.parquet"}));
  EXPECT_EQ(paths("**/*.parquet"), (Paths{"a.parquet", "x/c.parquet"}));
  EXPECT_EQ(paths("**"), (Paths{"a.parquet", "x/c.parquet"}));
  EXPECT_EQ(paths("*/*/*.parquet"), Paths{});
  EXPECT_EQ(paths("_*.parquet"), (Paths{"_a.parquet"}));
  EXPECT_EQ(paths("_temporary/**/*.parquet"), (Paths{"_temporary/0/b.parquet"}));
  EXPECT_EQ(paths("x/.staging/b.parquet"), (Paths{"x/.staging/b.parquet"}));
}

TEST_F(SourceFiles, ALanceDatasetIsADirectoryWithVersions) {
  touch("a.lance/_versions/1.manifest");
  touch("a.lance/_versions/2.manifest");
  touch("a.lance/data/x.lance");
  touch("b.lance/data/x.lance");
  touch("deep/c.lance/_versions/1.manifest");
  touch("_old/d.lance/_versions/1.manifest");
  const auto lance = [this](const std::string& pattern) {
    return paths(pattern, SourceFormat::kLance);
  };
  EXPECT_EQ(lance("*.lance"), (Paths{"a.lance"}));
  EXPECT_EQ(lance("a.lance"), (Paths{"a.lance"}));
  EXPECT_EQ(lance("a.lance/"), (Paths{"a.lance"}));
  EXPECT_EQ(lance("**"), (Paths{"a.lance", "deep/c.lance"}));
  EXPECT_EQ(lance("_old/*.lance"), (Paths{"_old/d.lance"}));
  EXPECT_EQ(lance("b.lance"), Paths{});
}

TEST_F(SourceFiles, LinksThatLeadNowhereAndDirectoriesByTheNameOfAFileAreFound) {
  touch("a.parquet");
  fs::create_directory(root_ / "b.parquet");
  fs::create_directory(root_ / "c");
  fs::create_symlink(root_ / "nowhere", root_ / "d.parquet");
  EXPECT_EQ(paths("*.parquet"), (Paths{"a.parquet", "b.parquet", "d.parquet"}));
  EXPECT_EQ(paths("b.parquet"), (Paths{"b.parquet"}));
  EXPECT_EQ(paths("*"), (Paths{"a.parquet", "d.parquet"}));
  EXPECT_EQ(paths("**/*.parquet"), (Paths{"a.parquet", "d.parquet"}));
}

TEST_F(SourceFiles, LinksToDirectoriesAreFollowedButForWhatCouldBeACircle) {
  touch("x/a.parquet");
  fs::create_directory_symlink(root_ / "x", root_ / "y");
  fs::create_directory_symlink(root_, root_ / "x/up");
  EXPECT_EQ(paths("*/*.parquet"), (Paths{"x/a.parquet", "y/a.parquet"}));
  EXPECT_EQ(paths("**/*.parquet"), (Paths{"x/a.parquet"}));
}

TEST_F(SourceFiles, MonthsAndDaysWithAndWithoutAZeroAreOnePartition) {
  touch("2026/5/7/a.parquet");
  touch("2026/05/07/b.parquet");
  touch("2026/5/007/c.parquet");
  touch("2026/5/0/c.parquet");
  EXPECT_EQ(labels("{YYYY}/{MM}/{DD}/*.parquet"), (Labels{"2026-05-07:2"}));
}

TEST_F(SourceFiles, HoursArePartitionsOfTheirDay) {
  touch("20260515/7.parquet");
  touch("20260515/07.parquet");
  touch("20260515/23.parquet");
  touch("20260515/24.parquet");  // no hour
  EXPECT_EQ(labels("{YYYYMM}{DD}/{HH}.parquet"), (Labels{"2026-05-15T07:2", "2026-05-15T23:1"}));
  const Micros day = day_start(parse_day("2026-05-15").value());
  const Micros hour = kMicrosPerDay / 24;
  EXPECT_EQ(partitions("{YYYYMM}{DD}/{HH}.parquet").at(0).interval,
            (Interval{day + 7 * hour, day + 8 * hour}));
}

TEST_F(SourceFiles, PartitionsAreOfTheZone) {
  touch("20260515.parquet");
  const TimeZone kathmandu({{0, (5 * 60 + 45) * 60'000'000LL}});
  const Micros begin = day_start(parse_day("2026-05-15").value()) - (5 * 60 + 45) * 60'000'000LL;
  EXPECT_EQ(partitions("{YYYYMM}{DD}.parquet", kathmandu).at(0).interval,
            (Interval{begin, begin + kMicrosPerDay}));
  EXPECT_EQ(partitions("{YYYYMM}*.parquet", kathmandu).at(0).interval.begin,
            begin - 14 * kMicrosPerDay);
}

TEST_F(SourceFiles, APartitionThatItsZoneSkipsHoldsNoTime) {
  touch("20111230/12.parquet");
  touch("20111231/12.parquet");
  const Micros jump = day_start(parse_day("2011-12-30").value()) + 10 * kMicrosPerDay / 24;
  const TimeZone apia({{0, -10 * kMicrosPerDay / 24}, {jump, 14 * kMicrosPerDay / 24}});
  for (const char* pattern : {"{YYYYMM}{DD}/*.parquet", "{YYYYMM}{DD}/{HH}.parquet"}) {
    const auto found = partitions(pattern, apia);
    ASSERT_EQ(found.size(), 2) << pattern;
    EXPECT_TRUE(found.at(0).times.empty());
    EXPECT_FALSE(found.at(0).overlaps(kAlways));
    EXPECT_EQ(found.at(0).interval, (Interval{jump, jump}));
    EXPECT_TRUE(found.at(1).overlaps({jump, jump + kMicrosPerDay}));
  }
}

TEST_F(SourceFiles, PlainFilesInTheDirectoryOfATableAreRefused) {
  touch("delta/_delta_log/0.json");
  touch("delta/date=1/a.parquet");
  touch("hudi/.hoodie/hoodie.properties");
  touch("hudi/a.parquet");
  touch("iceberg/metadata/v1.metadata.json");
  touch("iceberg/data/a.parquet");
  touch("plain/metadata/about.json");
  touch("plain/_delta_log_of_old/0.json");
  touch("plain/data/a.parquet");
  for (const char* pattern : {"delta/*/*.parquet", "delta/**/*.parquet", "*/date=1/a.parquet"}) {
    EXPECT_NE(refusal(pattern).find((root_ / "delta").string() + " is the directory of a Delta"),
              std::string::npos)
        << pattern;
  }
  EXPECT_NE(refusal("hudi/a.parquet").find("a Hudi table (it has .hoodie)"), std::string::npos);
  EXPECT_NE(refusal("iceberg/**/*.parquet").find("an Iceberg table"), std::string::npos);
  EXPECT_EQ(refusal("plain/**/*.parquet"), "");
  // Signs count up to the fixed prefix, and where a file matches.
  EXPECT_EQ(refusal("delta/date=1/*.parquet"), "");
  EXPECT_EQ(refusal("*/data/b.parquet"), "");
}

TEST_F(SourceFiles, PathColumnsAreOfTheDirectories) {
  touch("cc=DE/a.parquet");
  touch("b.lance/cc=FR/_versions/1.manifest");
  const PathColumns columns{{"country_code", "cc"}};
  const auto value = [&](const Source& source) {
    return list_datasets(engine_, source, columns).at(0).path_values.at("country_code");
  };
  EXPECT_EQ(value(source("*/a.parquet")), "DE");
  EXPECT_EQ(value({SourceFormat::kLance, (root_ / "b.lance/*").string(), {}}), "FR");
}

}  // namespace
}  // namespace daedalus
