// The sink's files, read back by DuckDB: another engine than the one that wrote them.
#include "sink/parquet_sink.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <xxhash.h>

#include <fstream>
#include <map>

#include "engine/engine.h"
#include "engine/quote.h"
#include "sink/disk_limit_for_tests.h"
#include "sink/work_directory.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

// Row `i` of 7 is hard to write in its own way: NULL, empty, with a NULL inside.
constexpr const char* kRows = R"(
  SELECT
      'user-' || i // 50 AS user_id,
      CASE WHEN i % 7 <> 0 THEN TIMESTAMP '2024-01-02 03:04:05.000006' + to_microseconds(i) END AS event_timestamp,
      CASE WHEN i % 7 <> 1 THEN (i % 3)::INTEGER END AS country_code,
      i / 3 AS score,
      i % 2 = 0 AS is_even,
      CASE i % 7 WHEN 2 THEN [] WHEN 3 THEN ['a', NULL, ''] ELSE ['item-' || i, 'item-' || i + 1] END AS items_7d,
      CASE i % 7 WHEN 4 THEN NULL ELSE [i, NULL] END AS numbers_7d,
      [0.5::FLOAT, i]::FLOAT[2] AS vector,
      i::BIGINT AS qid
  FROM range({0}) AS rows(i) ORDER BY i
)";

class ParquetSinkTest : public testing::Test {
 protected:
  std::shared_ptr<arrow::Table> rows(int count) {
    std::string sql = kRows;
    return engine_.table(sql.replace(sql.find("{0}"), 3, std::to_string(count)));
  }

  static std::vector<PartFile> write(const fs::path& directory,
                                     const std::vector<std::shared_ptr<arrow::Table>>& tables,
                                     std::int64_t rows_per_part) {
    fs::create_directories(directory);
    ParquetSink sink(directory, tables.at(0)->schema(), rows_per_part);
    for (const auto& table : tables) sink.write(*table);
    return sink.finish();
  }

  static std::vector<std::int64_t> row_counts(const std::vector<PartFile>& parts) {
    std::vector<std::int64_t> counts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      EXPECT_EQ(parts[i].name, "part-" + std::to_string(i) + "-0.parquet");
      counts.push_back(parts[i].rows);
    }
    return counts;
  }

  static std::map<std::string, std::string> bytes_of(const fs::path& directory) {
    std::map<std::string, std::string> bytes;
    for (const auto& entry : fs::directory_iterator(directory)) {
      std::ifstream file(entry.path(), std::ios::binary);
      bytes[entry.path().filename()] = {std::istreambuf_iterator<char>(file), {}};
    }
    return bytes;
  }

  WorkDirectory work_{testing::TempDir(), "parquet_sink_test"};
  Engine engine_{{{{"threads", "1"}}, {testing::TempDir()}}};
};

TEST_F(ParquetSinkTest, SplitsTablesAtThePartsTheyCross) {
  const auto table = rows(10);
  const auto directory = work_.path() / "day";
  EXPECT_THAT(
      row_counts(write(directory, {table->Slice(0, 3), table->Slice(3, 0), table->Slice(3, 7)}, 4)),
      ElementsAre(4, 4, 2));
  for (int part = 0; part < 3; ++part) {
    const auto path = directory / ("part-" + std::to_string(part) + "-0.parquet");
    EXPECT_EQ(engine_.query("SELECT qid FROM " + quote_text(path.string()) + " LIMIT 1")[0][0],
              std::to_string(4 * part));
  }
  EXPECT_EQ(bytes_of(directory).size(), 3);
}

TEST_F(ParquetSinkTest, MakesNoPartForRowsThatFillTheLastOneExactly) {
  EXPECT_THAT(row_counts(write(work_.path() / "exact", {rows(8)}, 4)), ElementsAre(4, 4));
  EXPECT_THAT(row_counts(write(work_.path() / "one", {rows(3)}, 1)), ElementsAre(1, 1, 1));
  EXPECT_THAT(row_counts(write(work_.path() / "roomy", {rows(3), rows(2)}, 1000)), ElementsAre(5));
}

TEST_F(ParquetSinkTest, KnowsTheChecksumOfEachPart) {
  const auto directory = work_.path() / "day";
  const auto parts = write(directory, {rows(10)}, 4);
  auto bytes = bytes_of(directory);
  for (const PartFile& part : parts) {
    const std::string& of = bytes.at(part.name);
    EXPECT_EQ(part.checksum, fmt::format("xxh3:{:016x}", XXH3_64bits(of.data(), of.size())));
  }
}

TEST_F(ParquetSinkTest, ADayWithoutRowsIsOneFileWithAllColumns) {
  const auto directory = work_.path() / "day";
  const auto parts = write(directory, {rows(0)}, 4);
  EXPECT_THAT(row_counts(parts), ElementsAre(0));
  EXPECT_EQ(parts[0].bytes,
            static_cast<std::int64_t>(fs::file_size(directory / "part-0-0.parquet")));
  const std::string select =
      "SELECT * FROM " + quote_text((directory / "part-0-0.parquet").string());
  EXPECT_EQ(engine_.describe(select).size(), 9);
  EXPECT_EQ(engine_.query(select).size(), 0);
}

TEST_F(ParquetSinkTest, BytesDependOnRowsNotOnChunks) {
  const auto whole = rows(300);
  std::vector<std::shared_ptr<arrow::Table>> pieces;
  for (int at = 0; at < 300; at += 7) pieces.push_back(whole->Slice(at, 7));
  const auto chunked = *arrow::ConcatenateTables(pieces);
  ASSERT_GT(chunked->column(0)->num_chunks(), 1);
  write(work_.path() / "whole", {whole}, 130);
  write(work_.path() / "chunked", {chunked}, 130);
  EXPECT_EQ(bytes_of(work_.path() / "whole"), bytes_of(work_.path() / "chunked"));
}

TEST_F(ParquetSinkTest, TheSameRowsInOtherTablesAndThreadsGiveTheSameBytes) {
  // 20,000 rows are five slices; 25 of the long ones hold more elements than a slice may.
  const auto many = rows(20'000);
  const auto long_lists =
      engine_.table("SELECT range(400000 + 1000 * i) AS list, i AS number FROM range(25) AS t(i)");
  for (const auto& table : {many, long_lists}) {
    const std::int64_t count = table->num_rows();
    const auto whole = work_.path() / "whole";
    const auto split = work_.path() / "split";
    write(whole, {table}, count - 3);
    fs::create_directories(split);
    ParquetSink sink(split, table->schema(), count - 3, 2);
    for (std::int64_t at = 0; at < count; at += count / 7 + 1)
      sink.write(*table->Slice(at, count / 7 + 1));
    sink.finish();
    EXPECT_EQ(bytes_of(split), bytes_of(whole));
    fs::remove_all(whole);
    fs::remove_all(split);
  }
}

TEST_F(ParquetSinkTest, AnotherEngineReadsTheSameValuesAndTypes) {
  const auto table = rows(100);
  const auto directory = work_.path() / "day";
  write(directory, {table}, 40);
  std::string made = kRows;
  made.replace(made.find("{0}"), 3, "100");
  // DuckDB reads a list of two floats back as FLOAT[]: Parquet has no arrays of fixed length.
  const std::string expected = "SELECT * REPLACE (vector::FLOAT[] AS vector) FROM (" + made + ")";
  const std::string actual = "SELECT * FROM " + quote_text((directory / "*.parquet").string());
  EXPECT_EQ(engine_.describe(actual), engine_.describe(expected));
  EXPECT_EQ(engine_.query(actual + " ORDER BY qid"), engine_.query(expected));
}

TEST_F(ParquetSinkTest, ArrowReadsTheSchemaAsItWas) {
  const auto table = rows(5);
  write(work_.path(), {table}, 40);
  auto file = *arrow::io::ReadableFile::Open((work_.path() / "part-0-0.parquet").string());
  auto reader = *parquet::arrow::OpenFile(file, arrow::default_memory_pool());
  std::shared_ptr<arrow::Schema> schema;
  ASSERT_TRUE(reader->GetSchema(&schema).ok());
  EXPECT_TRUE(schema->Equals(*table->schema(), false))
      << schema->ToString() << table->schema()->ToString();
  EXPECT_TRUE(schema->field(1)->type()->Equals(arrow::timestamp(arrow::TimeUnit::MICRO)));
}

TEST_F(ParquetSinkTest, ColumnsAreZstdAndStringsHaveADictionary) {
  write(work_.path(), {rows(5), rows(6)}, 40);
  const auto metadata =
      parquet::ParquetFileReader::OpenFile((work_.path() / "part-0-0.parquet").string())
          ->metadata();
  EXPECT_EQ(metadata->created_by(), "daedalus");
  EXPECT_EQ(metadata->num_row_groups(), 1);
  for (int i = 0; i < metadata->num_columns(); ++i) {
    const auto column = metadata->RowGroup(0)->ColumnChunk(i);
    const std::string name = column->path_in_schema()->ToDotVector()[0];
    EXPECT_EQ(column->compression(), parquet::Compression::ZSTD) << name;
    EXPECT_EQ(column->is_stats_set(), !name.ends_with("_7d")) << name;
    const bool has_dictionary = name == "user_id" || name == "country_code" || name == "items_7d";
    EXPECT_EQ(column->has_dictionary_page(), has_dictionary) << name;
  }
}

TEST_F(ParquetSinkTest, SaysWhereItCantWrite) {
  ParquetSink sink(work_.path() / "missing", rows(1)->schema(), 4);
  try {
    sink.write(*rows(1));
    sink.finish();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kEnvironment);
    EXPECT_THAT(error.what(), HasSubstr("missing/part-0-0.parquet"));
  }
}

TEST_F(ParquetSinkTest, NamesAColumnThatParquetCantHold) {
  const auto table = engine_.table("SELECT 1 AS n, INTERVAL 1 day AS wait");
  try {
    write(work_.path(), {table}, 10);
    FAIL() << "it was written";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_THAT(error.what(), HasSubstr("'wait'"));
  }
}

TEST_F(ParquetSinkTest, AFullDiskIsTheMachines) {
  const auto table = rows(3000);
  const DiskLimit limit(4096);
  try {
    write(work_.path(), {table}, 5000);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kEnvironment);
    EXPECT_THAT(error.what(), HasSubstr("part-0-0.parquet"));
  }
}

TEST_F(ParquetSinkTest, RefusesATableOfAnotherSchema) {
  ParquetSink sink(work_.path(), rows(1)->schema(), 4);
  EXPECT_THROW(sink.write(*engine_.table("SELECT 1 AS other")), Error);
}

}  // namespace
}  // namespace daedalus
