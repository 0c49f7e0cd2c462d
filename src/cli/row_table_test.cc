#include "cli/row_table.h"

#include <gtest/gtest.h>

#include "engine/engine.h"

namespace daedalus::cli {
namespace {

Json json_of(const std::string& select) {
  Engine engine({});
  return to_json(*engine.table(select));
}

std::string table_of(const std::string& select) {
  Engine engine({});
  return row_table(*engine.table(select));
}

TEST(RowTable, KeepsTypesInJson) {
  EXPECT_EQ(json_of("SELECT 1::TINYINT AS i, 18446744073709551615::UBIGINT AS u, 0.5::FLOAT AS f, "
                    "true AS b, 'é' AS s, NULL AS n")
                .dump(),
            R"([{"i":1,"u":18446744073709551615,"f":0.5,"b":true,"s":"é","n":null}])");
  EXPECT_EQ(
      json_of("SELECT ['a', NULL] AS l, [1.5::FLOAT, 2]::FLOAT[2] AS a, {x: 1, y: ['b']} AS s")
          .dump(),
      R"([{"l":["a",null],"a":[1.5,2.0],"s":{"x":1,"y":["b"]}}])");
}

TEST(RowTable, WritesAsTextWhatJsonDoesNotHave) {
  EXPECT_EQ(
      json_of("SELECT 'nan'::DOUBLE AS n, '-inf'::FLOAT AS i, DATE '2026-05-15' AS d, "
              "1.20::DECIMAL(4, 2) AS c, TIMESTAMP '2026-05-15 01:02:03.000004' AS t")
          .dump(),
      R"([{"n":"nan","i":"-inf","d":"2026-05-15","c":"1.20","t":"2026-05-15 01:02:03.000004"}])");
}

TEST(RowTable, AlignsNumbersAndNamesNulls) {
  EXPECT_EQ(table_of("SELECT * FROM (VALUES (7, 'a', ['x']), (NULL, 'bcd', [])) v(n, text, list)"),
            "   n  text  list\n"
            "   7  a     [\"x\"]\n"
            "NULL  bcd   []\n");
}

TEST(RowTable, CutsLongCellsBetweenCodePoints) {
  std::string fits;
  for (int i = 0; i < 47; ++i) fits += "é";
  EXPECT_EQ(table_of("SELECT repeat('é', 48) AS t"), "t\n" + fits + "é\n");
  EXPECT_EQ(table_of("SELECT repeat('é', 49) AS t"), "t\n" + fits + "…\n");
}

TEST(RowTable, KeepsALineARow) {
  EXPECT_EQ(table_of("SELECT 'a' || chr(10) || 'b' AS t"), "t\n\"a\\nb\"\n");
}

}  // namespace
}  // namespace daedalus::cli
