// What an instance can't do, whatever SQL it is given.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "engine/engine.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;

// A directory `inside` that an instance may use, and one `outside` that it may not.
class OpenDatabaseTest : public ::testing::Test {
 protected:
  OpenDatabaseTest()
      : root_(fs::path(::testing::TempDir()) / ("open-database-" + std::to_string(getpid()))) {
    for (const fs::path& directory : {inside(), outside()}) {
      fs::create_directories(directory);
      std::ofstream(directory / "file.csv") << "x\n1\n";
    }
  }
  ~OpenDatabaseTest() override { fs::remove_all(root_); }

  [[nodiscard]] fs::path inside() const { return root_ / "inside"; }
  [[nodiscard]] fs::path outside() const { return root_ / "outside"; }

  // Whether `statement` runs. Each has an instance of its own.
  [[nodiscard]] bool runs(const std::string& statement, const std::string& lance = "") const {
    try {
      Engine(EngineSettings{{}, {inside()}}, lance).execute(statement);
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  static std::string from(const fs::path& file) { return "FROM " + quote_text(file.string()); }
  static std::string copy_to(const fs::path& file) {
    return "COPY (SELECT 1 AS x) TO " + quote_text(file.string());
  }

  fs::path root_;
};

TEST_F(OpenDatabaseTest, ReadsAndWritesInItsDirectoriesAlone) {
  EXPECT_TRUE(runs(from(inside() / "file.csv")));
  EXPECT_TRUE(runs(copy_to(inside() / "new.csv")));
  EXPECT_TRUE(fs::exists(inside() / "new.csv"));
  EXPECT_FALSE(runs(from(outside() / "file.csv")));
  EXPECT_FALSE(runs(from(inside() / "../outside/file.csv")));
  EXPECT_FALSE(runs(copy_to(outside() / "new.csv")));
  EXPECT_FALSE(runs("ATTACH " + quote_text((outside() / "new.db").string())));
  EXPECT_FALSE(runs("SELECT * FROM read_text('/etc/hostname')"));
  EXPECT_FALSE(runs("SELECT * FROM glob('/etc/host*')"));
  EXPECT_FALSE(fs::exists(outside() / "new.csv"));
  EXPECT_FALSE(fs::exists(outside() / "new.db"));
}

TEST_F(OpenDatabaseTest, ANeighbourWithALongerNameIsOutside) {
  fs::create_directories(root_ / "inside-not");
  fs::copy_file(outside() / "file.csv", root_ / "inside-not/file.csv");
  EXPECT_FALSE(runs(from(root_ / "inside-not/file.csv")));
}

TEST_F(OpenDatabaseTest, FollowsNoLinkOut) {
  fs::create_symlink(outside() / "file.csv", inside() / "link.csv");
  fs::create_directory_symlink(outside(), inside() / "directory");
  EXPECT_FALSE(runs(from(inside() / "link.csv")));
  EXPECT_FALSE(runs(from(inside() / "directory/file.csv")));
  EXPECT_FALSE(runs(copy_to(inside() / "directory/new.csv")));
  EXPECT_FALSE(runs(copy_to(inside() / "link.csv")));
}

TEST_F(OpenDatabaseTest, TheDirectoryItselfMayBeALink) {
  fs::create_directory_symlink(inside(), root_ / "data");
  Engine engine(EngineSettings{{}, {root_ / "data"}});
  EXPECT_EQ(engine.query(from(root_ / "data/file.csv")), (TextRows{{"1"}}));
}

TEST_F(OpenDatabaseTest, WithoutDirectoriesNoFileIsTouched) {
  Engine engine({});
  EXPECT_THROW(engine.execute(from(inside() / "file.csv")), Error);
  EXPECT_THROW(engine.execute(copy_to("new.csv")), Error);
}

TEST_F(OpenDatabaseTest, SettingsAreFinal) {
  for (const char* statement :
       {"SET enable_external_access = true", "SET allowed_directories = ['/']",
        "SET lock_configuration = false", "RESET lock_configuration", "SET threads = 1",
        "SET preserve_insertion_order = false", "SET TimeZone = 'Europe/Berlin'",
        "SET GLOBAL autoload_known_extensions = true", "PRAGMA threads = 1"}) {
    EXPECT_FALSE(runs(statement)) << statement;
  }
}

TEST_F(OpenDatabaseTest, LoadsNothing) {
  for (const char* statement :
       {"INSTALL httpfs", "LOAD httpfs", "INSTALL h3 FROM community", "LOAD '/tmp/x.extension'",
        "FROM 'https://example.invalid/x.parquet'", "FROM 's3://bucket/x.parquet'"}) {
    EXPECT_FALSE(runs(statement)) << statement;
  }
  Engine engine({});
  EXPECT_EQ(engine.query("SELECT value FROM duckdb_settings() WHERE name IN "
                         "('autoinstall_known_extensions', 'autoload_known_extensions', "
                         "'enable_external_access', 'allow_persistent_secrets')"),
            (TextRows{{"false"}, {"false"}, {"false"}, {"false"}}));
}

TEST_F(OpenDatabaseTest, LanceWritesInItsDirectoriesAlone) {
  EXPECT_TRUE(runs(copy_to(inside() / "new.lance") + " (FORMAT lance)", "a test"));
  EXPECT_FALSE(runs(copy_to(outside() / "new.lance") + " (FORMAT lance)", "a test"));
  EXPECT_FALSE(runs("SET enable_external_access = true", "a test"));
}

}  // namespace
}  // namespace daedalus
