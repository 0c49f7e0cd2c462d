// Lists of strings in the sink's files, read back by DuckDB and by Arrow.
#include "sink/string_list_writer.h"

#include <arrow/api.h>
#include <arrow/compute/api_vector.h>
#include <arrow/io/file.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <optional>

#include "engine/engine.h"
#include "engine/quote.h"
#include "sink/parquet_sink.h"
#include "sink/work_directory.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;
using Tables = std::vector<std::shared_ptr<arrow::Table>>;
using List = std::optional<std::vector<std::optional<std::string>>>;

// The one part that the sink makes of `tables`.
fs::path write(const fs::path& directory, const Tables& tables, int threads = 2) {
  fs::create_directories(directory);
  ParquetSink sink(directory, tables.at(0)->schema(), 1'000'000, threads);
  for (const auto& table : tables) sink.write(*table);
  EXPECT_EQ(sink.finish().size(), 1);
  return directory / "part-0-0.parquet";
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::shared_ptr<arrow::Table> read_by_arrow(const fs::path& path) {
  auto reader = *parquet::arrow::OpenFile(*arrow::io::ReadableFile::Open(path.string()),
                                          arrow::default_memory_pool());
  return *reader->ReadTable();
}

std::shared_ptr<arrow::Table> table_of(const std::vector<List>& rows) {
  auto strings = std::make_shared<arrow::StringBuilder>();
  arrow::ListBuilder lists(arrow::default_memory_pool(), strings);
  for (const List& row : rows) {
    EXPECT_TRUE((row ? lists.Append() : lists.AppendNull()).ok());
    if (!row) continue;
    for (const auto& element : *row)
      EXPECT_TRUE((element ? strings->Append(*element) : strings->AppendNull()).ok());
  }
  const auto column = *lists.Finish();
  return arrow::Table::Make(arrow::schema({arrow::field("ids", column->type())}), {column});
}

// The same rows, with the strings in a dictionary of their own.
std::shared_ptr<arrow::Table> with_dictionary(const arrow::Table& table) {
  const auto column = (*table.CombineChunks())->column(0)->chunk(0);
  const auto& lists = static_cast<const arrow::ListArray&>(*column);
  auto data = lists.data()->Copy();
  data->child_data = {arrow::compute::DictionaryEncode(lists.values())->array()};
  data->type = arrow::list(lists.type()->field(0)->WithType(data->child_data[0]->type));
  return arrow::Table::Make(arrow::schema({arrow::field("ids", data->type)}),
                            {arrow::MakeArray(data)});
}

class StringListWriterTest : public testing::Test {
 protected:
  // `select` as the sink writes it and DuckDB reads it back differ in so many rows.
  std::int64_t wrong_rows(const std::string& select) {
    const auto path = write(work_.path(), {engine_.table(select)});
    const std::string from = "FROM " + quote_text(path.string());
    return engine_.query_count(fmt::format(
        "SELECT count(*) FROM ((FROM ({0}) EXCEPT ALL {1}) UNION ALL ({1} EXCEPT ALL FROM ({0})))",
        select, from));
  }

  WorkDirectory work_{testing::TempDir(), "string_list_writer_test"};
  Engine engine_{{{{"threads", "1"}}, {testing::TempDir()}}};
};

// Numbers take one, two and three bytes; rows have one, a few and seventy thousand elements; a
// page holds many rows, or no more than one.
TEST_F(StringListWriterTest, DuckDbAndArrowReadNumbersOfEachWidth) {
  for (const int distinct : {1, 2, 256, 257, 65'536, 65'537}) {
    for (const int length : {1, 7, 70'000}) {
      const std::string select = fmt::format(
          "SELECT i AS row, list_transform(range({1}), x -> 'id-' || ((i * 7919 + x) % {0})) AS "
          "ids "
          "FROM range({2}) AS t(i)",
          distinct, length, 140'000 / length);
      EXPECT_EQ(wrong_rows(select), 0) << distinct << " " << length;
      const auto read = read_by_arrow(work_.path() / "part-0-0.parquet");
      EXPECT_TRUE((*read->CombineChunks())->Equals(**engine_.table(select)->CombineChunks()))
          << distinct << " " << length;
    }
  }
}

TEST_F(StringListWriterTest, OtherShapesHaveStringsInListsToo) {
  for (const std::string value :
       {"[[i::VARCHAR, NULL], NULL, [], ['x']]", "[{'name': 'n' || i % 5, 'at': i}, NULL]",
        "MAP {'k' || i: ['v']}", "[i::VARCHAR::BLOB]", "[]::VARCHAR[]", "NULL::VARCHAR[]",
        "[NULL]::VARCHAR[]", "['']", "CASE WHEN i > 8000 THEN ['a'] ELSE [] END",
        "CASE WHEN i < 10 THEN ['a'] ELSE [] END",
        "list_transform(range(CASE WHEN i % 40 = 0 THEN 151 ELSE 2 END), x -> 'e' || x)",
        "CASE WHEN i % 60 < 50 THEN ['a'] WHEN i % 2 = 0 THEN [] END"}) {
    EXPECT_EQ(wrong_rows("SELECT i, " + value + " AS made FROM range(70000) AS t(i)"), 0) << value;
  }
}

// Rows over several pages and row groups: dictionaries of 130 MB, of which a row group may have 64
// MiB and the slice that goes beyond them.
TEST_F(StringListWriterTest, AFullDictionaryClosesTheRowGroup) {
  const std::string select =
      "SELECT [repeat('x', 1000) || i, 'y' || i % 5, repeat('z', 1000) || i % 7000, 'y' || i % 9] "
      "|| list_transform(range(i % 4), x -> 'id-' || x) AS ids FROM range(120000) AS t(i)";
  const auto table = *engine_.table(select)->CombineChunks();
  const auto plain = write(work_.path(), {table});
  EXPECT_TRUE((*read_by_arrow(plain)->CombineChunks())->Equals(*table));
  EXPECT_EQ(parquet::ParquetFileReader::OpenFile(plain.string())->metadata()->num_row_groups(), 3);
  const std::string bytes = bytes_of(plain);
  EXPECT_EQ(bytes_of(write(work_.path() / "encoded", {with_dictionary(*table)}, 1)), bytes);
  Tables pieces;
  for (std::int64_t at = 0; at < table->num_rows(); at += 17'000)
    pieces.push_back(with_dictionary(*table->Slice(at, 17'000)));
  EXPECT_EQ(bytes_of(write(work_.path() / "pieces", pieces, 8)), bytes);
}

List random_list() {
  const auto string = rc::gen::map(rc::gen::inRange(0, 40), [](int i) {
    if (i == 0) return std::string();
    return i == 1 ? std::string("\0", 1) : std::string(static_cast<std::size_t>(i), 'a') + "ä";
  });
  const auto element = rc::gen::weightedOneOf<std::optional<std::string>>(
      {{9, rc::gen::map(string, [](std::string s) { return std::optional(std::move(s)); })},
       {1, rc::gen::just(std::optional<std::string>())}});
  if (*rc::gen::weightedElement<bool>({{1, true}, {9, false}})) return std::nullopt;
  return *rc::gen::container<std::vector<std::optional<std::string>>>(element);
}

// However strings come: plain, in one dictionary for all rows, in one for each table.
RC_GTEST_PROP(StringLists, DependOnNothingButTheRows, ()) {
  std::vector<List> rows(static_cast<std::size_t>(*rc::gen::inRange(1, 60)));
  for (List& row : rows) row = random_list();
  const auto table = table_of(rows);
  const std::int64_t piece = *rc::gen::inRange(1, 30);
  const auto in_one = with_dictionary(*table);
  Tables pieces_of_one;
  Tables of_each;
  for (std::int64_t at = 0; at < table->num_rows(); at += piece) {
    pieces_of_one.push_back(in_one->Slice(at, piece));
    of_each.push_back(with_dictionary(*table->Slice(at, piece)));
  }
  const WorkDirectory work(testing::TempDir(), "string_lists");
  const auto plain = write(work.path() / "plain", {table});
  RC_ASSERT(bytes_of(write(work.path() / "one", pieces_of_one)) == bytes_of(plain));
  RC_ASSERT(bytes_of(write(work.path() / "each", of_each)) == bytes_of(plain));
  RC_ASSERT((*read_by_arrow(plain)->CombineChunks())->column(0)->chunk(0)->ToString() ==
            table->column(0)->chunk(0)->ToString());
  const EngineSettings settings{{{"threads", "1"}}, {testing::TempDir()}};
  Engine engine(settings);
  const auto read = engine.table("FROM " + quote_text(plain.string()));
  RC_ASSERT((*read->CombineChunks())->column(0)->chunk(0)->ToString() ==
            table->column(0)->chunk(0)->ToString());
}

// Tables that meet in one slice are joined by Arrow, which makes one dictionary of two. Those of
// slices of their own are not.
TEST_F(StringListWriterTest, ADictionaryMayChangeBetweenSlices) {
  Tables plain;
  Tables encoded;
  for (int i = 0; i < 4; ++i) {
    plain.push_back(engine_.table(
        fmt::format("SELECT ['id-' || (i * {0}) % 5000, 'x' || i] AS ids FROM range({1}) AS t(i)",
                    i + 3, ParquetSink::kSliceRows)));
    encoded.push_back(with_dictionary(*plain.back()));
  }
  EXPECT_EQ(bytes_of(write(work_.path() / "encoded", encoded)),
            bytes_of(write(work_.path() / "plain", plain)));
}

}  // namespace
}  // namespace daedalus
