#include "engine/duckdb_text.h"

#include <gtest/gtest.h>

namespace daedalus {
namespace {

TEST(CleanDuckdbText, KeepsWhatHappened) {
  EXPECT_EQ(clean_duckdb_text("Conversion Error: Could not convert string 'x' to INT32"),
            "Conversion Error: Could not convert string 'x' to INT32");
  EXPECT_EQ(clean_duckdb_text(""), "");
}

TEST(CleanDuckdbText, DropsTheStatement) {
  EXPECT_EQ(clean_duckdb_text("Invalid Input Error: No magic bytes\n\nLINE 1: SELECT * FROM x\n"
                              "                      ^"),
            "Invalid Input Error: No magic bytes");
}

TEST(CleanDuckdbText, DropsAdviceAndOptionsOfCsv) {
  EXPECT_EQ(clean_duckdb_text(
                "Invalid Input Error: CSV Error on Line: 30002\nOriginal Line: 3,4,5\n"
                "Expected Number of Columns: 2 Found: 3\nPossible fixes:\n"
                "* Disable the parser's strict mode (strict_mode=false) to allow reading rows\n"
                "* Enable ignore errors (ignore_errors=true) to skip this row\n\n"
                "  file = rag2.csv\n  delimiter = , (Auto-Detected)\n  sample_size = 20480\n"),
            "Invalid Input Error: CSV Error on Line: 30002\nOriginal Line: 3,4,5\n"
            "Expected Number of Columns: 2 Found: 3");
  EXPECT_EQ(clean_duckdb_text("This file is not utf-8 encoded.\n\nPossible Solution: Set the "
                              "correct encoding (e.g., encoding='UTF-16')\n"),
            "This file is not utf-8 encoded.");
}

TEST(CleanDuckdbText, DropsAdviceOfJson) {
  EXPECT_EQ(clean_duckdb_text("Invalid Input Error: JSON transform error in file \"m.json\", in "
                              "line 30001: Failed to cast value to numerical: \"x y\"\nTry "
                              "increasing 'sample_size', or setting 'union_by_name' to true."),
            "Invalid Input Error: JSON transform error in file \"m.json\", in line 30001: Failed "
            "to cast value to numerical: \"x y\"");
  EXPECT_EQ(clean_duckdb_text("\"maximum_object_size\" of 16777216 bytes exceeded while reading "
                              "file \"m.json\" (>33554428 bytes).\n Try increasing "
                              "\"maximum_object_size\"."),
            "\"maximum_object_size\" of 16777216 bytes exceeded while reading file \"m.json\" "
            "(>33554428 bytes).");
}

TEST(CleanDuckdbText, DropsAdviceOfMemory) {
  EXPECT_EQ(clean_duckdb_text(
                "Out of Memory Error: could not allocate block of size 256.0 KiB\n"
                "Database is launched in in-memory mode and no temporary directory is specified.\n"
                "Unused blocks cannot be offloaded to disk.\n\n"
                "Launch the database with a persistent storage back-end\n"
                "Or set SET temp_directory='/path/to/tmp.tmp'\n\nPossible solutions:\n"
                "* Increasing the memory limit (SET memory_limit='...GB')\n\n"
                "See also https://duckdb.org/docs/stable/guides/performance"),
            "Out of Memory Error: could not allocate block of size 256.0 KiB");
}

TEST(CleanDuckdbText, DropsStackTracesAndPlacesInReaders) {
  EXPECT_EQ(clean_duckdb_text("INTERNAL Error: Attempted to access index 3\n\nStack Trace:\n\n"
                              "duckdb(_ZN6duckdb9ExceptionC1E) [0x55]\n"
                              "This error signals an assertion failure within DuckDB."),
            "INTERNAL Error: Attempted to access index 3");
  EXPECT_EQ(clean_duckdb_text("IO Error: Failed to open Lance dataset: p.lance (Lance error: "
                              "LanceError(IO): file size is too small, "
                              "/cargo/registry/lance-io-6.0.0/src/utils.rs:88:20 (code=4))"),
            "IO Error: Failed to open Lance dataset: p.lance (Lance error: LanceError(IO): file "
            "size is too small)");
}

}  // namespace
}  // namespace daedalus
