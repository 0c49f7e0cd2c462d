// Qids: contiguous from 1, in order, and never another for a session that has one.
#include "sink/qid_map.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "engine/quote.h"
#include "sink/disk_limit_for_tests.h"
#include "sink/file.h"
#include "sink/output_lock.h"
#include "sink/publish.h"
#include "sink/work_directory.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

const EngineSettings kEngine{{{"threads", "1"}}, {testing::TempDir()}};

std::vector<std::string> rows_of(const std::string& select) {
  std::vector<std::string> rows;
  for (const auto& row : Engine(kEngine).query(select)) rows.push_back(*row[0] + " " + *row[1]);
  return rows;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class QidMapTest : public testing::Test {
 protected:
  [[nodiscard]] fs::path snapshot() const { return work_.path() / ("qids-" + unique_suffix()); }

  // The sessions of `values` with their qids, in the order of these.
  std::vector<std::string> extend(const std::string& values) const {
    const std::string sessions =
        fmt::format("SELECT * FROM (VALUES {}) AS t(feed_session, ordinal)", values);
    return rows_of(extend_qid_map(root_, sessions, kEngine, snapshot()) + " ORDER BY qid");
  }

  // Without ORDER BY: the file's own order.
  [[nodiscard]] std::vector<std::string> map_rows() const {
    return rows_of("SELECT feed_session, qid FROM " + quote_text(map_.string()));
  }

  [[nodiscard]] std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(root_)) found.insert(entry.path().filename());
    return found;
  }

  void write_map(const std::string& select) const {
    fs::create_directories(root_);
    Engine(kEngine).execute(
        fmt::format("COPY ({}) TO {} (FORMAT parquet)", select, quote_text(map_.string())));
  }

  void expect_error(ErrorKind kind, const std::string& what,
                    const std::string& values = "('a', 1)") const {
    try {
      extend(values);
      FAIL() << "no error: " << what;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind) << error.what();
      EXPECT_THAT(error.what(), HasSubstr(root_.string()));
      EXPECT_THAT(error.what(), HasSubstr(what));
    }
  }

  WorkDirectory work_{testing::TempDir(), "qid_map_test"};
  fs::path root_ = work_.path() / "run=5" /
                   "it's [here]*";  // a hive partition, a quote and a glob for the unwary
  fs::path map_ = root_ / "qid_map.parquet";
};

TEST_F(QidMapTest, NumbersNewSessionsInOrderAndKeepsTheKnown) {
  EXPECT_THAT(extend("('z', 1), ('b', 2), ('a', 2)"), ElementsAre("z 1", "a 2", "b 3"));
  EXPECT_THAT(extend("('a', 0), ('y', 5), ('c', 6)"), ElementsAre("a 2", "y 4", "c 5"));
  EXPECT_THAT(map_rows(), ElementsAre("z 1", "a 2", "b 3", "y 4", "c 5"));
  const auto columns = Engine(kEngine).describe(
      fmt::format("FROM read_parquet({}, hive_partitioning = false)", quote_text(map_.string())));
  EXPECT_THAT(columns,
              ElementsAre(ColumnType{"feed_session", "VARCHAR"}, ColumnType{"qid", "BIGINT"}));
}

TEST_F(QidMapTest, TakesRowsAsTheyAre) {
  EXPECT_THAT(extend("('b', 4), ('a', 3), (NULL, 0), ('b', 1), ('a', 9)"),
              ElementsAre("b 1", "a 2"));
}

TEST_F(QidMapTest, ManySessionsAreTheSameBytesWhateverTheThreads) {
  const std::string sessions =
      "SELECT hash(i)::VARCHAR AS feed_session, -i AS ordinal FROM range(200000) AS t(i)";
  extend_qid_map(root_, sessions, kEngine, snapshot());
  EXPECT_EQ(rows_of(fmt::format("SELECT count(*), count(*) FILTER (qid = n AND feed_session = "
                                "hash(200000 - n)::VARCHAR) FROM (SELECT *, row_number() OVER () "
                                "AS n FROM {})",
                                quote_text(map_.string()))),
            std::vector<std::string>{"200000 200000"});
  const fs::path other = work_.path() / "other";
  extend_qid_map(other, sessions,
                 {{{"threads", "4"}, {"preserve_insertion_order", "false"}}, {testing::TempDir()}},
                 snapshot());
  EXPECT_TRUE(bytes_of(map_) == bytes_of(other / "qid_map.parquet"));
}

// From none to spare to enough, whoever opens the file that is one too many.
TEST_F(QidMapTest, TooFewFileDescriptorsAreNamed) {
  fs::create_directories(root_);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const int first_free = ::dup(0);
  ::close(first_free);
  constexpr int kLimits = 24;
  int refused = 0;
  for (int room = 0; room < kLimits; ++room) {
    fs::remove(map_);
    const rlimit low{static_cast<rlim_t>(first_free + room), limit.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
    try {
      extend_qid_map(root_, "SELECT 'a' AS feed_session, 1 AS ordinal", kEngine, snapshot());
    } catch (const Error& error) {
      ++refused;
      EXPECT_EQ(error.kind(), ErrorKind::kEnvironment) << error.what();
      EXPECT_THAT(error.what(), HasSubstr("ulimit -n")) << room;
    }
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  EXPECT_GT(refused, 0);
  EXPECT_LT(refused, kLimits);
}

TEST_F(QidMapTest, IsUntouchedWithoutNewSessions) {
  extend("('a', 1)");
  const auto written = fs::last_write_time(map_);
  EXPECT_THAT(extend("('a', 7), (NULL, 1)"), ElementsAre("a 1"));
  EXPECT_EQ(fs::last_write_time(map_), written);
}

TEST_F(QidMapTest, DoesNotExistWithoutSessions) {
  const std::string select = extend_qid_map(
      root_, "SELECT NULL::VARCHAR AS feed_session, 1 AS ordinal", kEngine, snapshot());
  EXPECT_FALSE(fs::exists(map_));
  EXPECT_TRUE(rows_of(select).empty());
  EXPECT_THAT(Engine(kEngine).describe(select),
              ElementsAre(ColumnType{"feed_session", "VARCHAR"}, ColumnType{"qid", "BIGINT"}));
}

TEST_F(QidMapTest, TheReturnedQidsOutliveTheMap) {
  const std::string select =
      extend_qid_map(root_, "SELECT 'a' AS feed_session, 1 AS ordinal", kEngine, snapshot());
  fs::remove(map_);
  EXPECT_THAT(rows_of(select), ElementsAre("a 1"));
}

TEST_F(QidMapTest, LeavesOnlyTheMapAndItsLock) {
  fs::create_directories(root_);
  write_file_synced(root_ / "_qid_map.tmp-1-dead", "half");
  extend("('a', 1)");
  EXPECT_THAT(names(), ElementsAre("_qid_map.lock", "qid_map.parquet"));
}

TEST_F(QidMapTest, IntegerSessionsMayDifferInWidth) {
  extend("(7::INTEGER, 1)");
  EXPECT_THAT(extend("(7::BIGINT, 1), (5000000000, 2)"), ElementsAre("7 1", "5000000000 2"));
  EXPECT_THAT(extend("(7::UBIGINT, 1), (18446744073709551615, 2)"),
              ElementsAre("7 1", "18446744073709551615 3"));
  EXPECT_THAT(extend("(8::TINYINT, 1), (7::TINYINT, 2)"), ElementsAre("7 1", "8 4"));
}

TEST_F(QidMapTest, TextAndIntegerSessionsDontMix) {
  extend("(7, 1)");
  expect_error(ErrorKind::kInput, "its feed_session is BIGINT, but that of the feed is VARCHAR");
}

TEST_F(QidMapTest, RefusesAMapThatIsWrong) {
  const std::string rows = "SELECT * FROM (VALUES {}) AS t(feed_session, qid)";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"('a', 1::BIGINT), ('a', 2)", "1 repeated sessions"},
      {"('a', 1::BIGINT), ('b', 1)", "1 repeated qids"},
      {"('a', 1::BIGINT), (NULL, 2)", "1 NULL sessions"},
      {"('a', 1::BIGINT), ('b', NULL)", "1 NULL qids"},
      {"('a', 0::BIGINT), ('b', 1)", "1 qids below 1"},
      {"('a', 1::INTEGER)", "its columns are not"}};
  for (const auto& [values, what] : cases) {
    write_map(fmt::format(fmt::runtime(rows), values));
    expect_error(ErrorKind::kInput, what);
  }
  write_map("SELECT 'a' AS feed_session, 1::BIGINT AS qid, 2 AS more");
  expect_error(ErrorKind::kInput, "its columns are not");
}

TEST_F(QidMapTest, RefusesAMapThatCantBeRead) {
  fs::create_directories(root_);
  write_file_synced(map_, "no Parquet");
  expect_error(ErrorKind::kInput, "can't be read");
  fs::remove(map_);
  extend_qid_map(root_, "SELECT hash(i) AS feed_session, i AS ordinal FROM range(5000) AS t(i)",
                 kEngine, snapshot());
  fs::resize_file(map_, fs::file_size(map_) / 2);
  expect_error(ErrorKind::kInput, "can't be read");
  fs::resize_file(map_, 0);
  expect_error(ErrorKind::kInput, "can't be read");
}

TEST_F(QidMapTest, AFullDiskLeavesTheMapAsItWas) {
  const std::string sessions = "SELECT hash(i) AS feed_session, i AS ordinal FROM range(5000) t(i)";
  extend_qid_map(root_, sessions, kEngine, snapshot());
  {
    const DiskLimit limit(16384);
    expect_error(ErrorKind::kEnvironment, "can't write", "(7, 1)");
  }
  EXPECT_THAT(names(), ElementsAre("_qid_map.lock", "qid_map.parquet"));
  EXPECT_THAT(extend("(8, 1)"), ElementsAre("8 5001"));
}

TEST_F(QidMapTest, AnOutputRootThatCantBeMadeIsTheMachines) {
  write_file_synced(work_.path() / "file", "");
  root_ = work_.path() / "file" / "output";
  expect_error(ErrorKind::kEnvironment, "can't make the directory");
}

TEST_F(QidMapTest, ManyMayExtendItAtOnce) {
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, thread] {
      for (int turn = 0; turn < 3; ++turn) {
        // Sessions 0..9 are everybody's, the others one's own.
        const std::string mine = fmt::format(
            "SELECT CASE WHEN i < 10 THEN i ELSE {} + i END AS feed_session, i AS "
            "ordinal FROM range(20) AS t(i)",
            1000 * thread + 100 * turn);
        const std::string select = extend_qid_map(root_, mine, kEngine, snapshot());
        EXPECT_EQ(rows_of(fmt::format(
                      "SELECT count(*), count(qid) FROM ({}) LEFT JOIN ({}) USING (feed_session)",
                      mine, select)),
                  std::vector<std::string>{"20 20"});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(rows_of(fmt::format("SELECT count(DISTINCT feed_session), count(DISTINCT qid) FROM {} "
                                "WHERE qid BETWEEN 1 AND 130",
                                quote_text(map_.string()))),
            std::vector<std::string>{"130 130"});
  EXPECT_EQ(map_rows().size(), 130);
}

TEST_F(QidMapTest, TemporariesOfKilledProcessesAreRemovedUnlessTheMapIsBeingExtended) {
  EXPECT_THAT(remove_stale_qid_maps(root_, false).removed, testing::IsEmpty());
  const fs::path left = root_ / "_qid_map.tmp-1-1";
  fs::create_directories(root_);
  write_file_synced(left, "half");
  {
    const OutputLock lock(root_, "_qid_map");
    EXPECT_THAT(remove_stale_qid_maps(root_, false).removed, testing::IsEmpty());
  }
  EXPECT_THAT(remove_stale_qid_maps(root_, true).removed, ElementsAre(left));
  EXPECT_TRUE(fs::exists(left));
  EXPECT_THAT(remove_stale_qid_maps(root_, false).removed, ElementsAre(left));
  EXPECT_FALSE(fs::exists(left));
}

}  // namespace
}  // namespace daedalus
