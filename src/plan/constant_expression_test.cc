#include "plan/constant_expression.h"

#include <gtest/gtest.h>

namespace daedalus {
namespace {

class ConstantExpression : public ::testing::Test {
 protected:
  // Why `text` is refused; empty when it isn't.
  std::string refusal(const std::string& text) {
    try {
      constant_expression(engine_, "c", text);
      return "";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kConfig) << text;
      return error.what();
    }
  }

  void expect_refused(std::initializer_list<const char*> texts, const std::string& why = "") {
    for (const char* text : texts) {
      const std::string told = refusal(text);
      EXPECT_NE(told, "") << text;
      EXPECT_NE(told.find(why), std::string::npos) << text << ": " << told;
      EXPECT_NE(told.find("column 'c'"), std::string::npos) << told;
    }
  }

  Engine engine_{{}};
};

TEST_F(ConstantExpression, IsMadeOfConstantsAndScalarFunctions) {
  for (const char* text : {"1",
                           "CAST(NULL AS FLOAT[])",
                           "lower('A') || 'b'",
                           "CASE WHEN 1 < 2 THEN 'x' END",
                           "[1, 2]",
                           "1 -- one",
                           "1 /* one */",
                           "{'a': 1}",
                           "{'a': 1}.a",
                           "[1, 2][1]",
                           "nullif(1, 2)",
                           "coalesce(NULL, 1)",
                           "1 BETWEEN 0 AND 2",
                           "1 IN (1, 2)",
                           "'a' LIKE 'b%'",
                           "split_part('a,b', ',', 1)",
                           "list_append([1], 2)",
                           "MAP {'a': 1}",
                           "INTERVAL 1 DAY",
                           "DATE '2026-05-15'",
                           "CAST('2026-05-15T00:00:00+02:00' AS TIMESTAMPTZ)",
                           "strftime(DATE '2026-05-15', '%Y')",
                           "age(DATE '2026-05-15', DATE '2026-05-14')",
                           "regexp_replace('a', 'b', 'c')",
                           "(1)",
                           "\"upper\"('a')",
                           "main.upper('a')"}) {
    EXPECT_EQ(refusal(text), "") << text;
  }
}

TEST_F(ConstantExpression, IsOne) {
  expect_refused({"", "1, 2", "1; SELECT 2", "1 AS x", "1 x", "1 FROM range(3)", "1 LIMIT 0",
                  "1 WHERE true", "1 ORDER BY 1", "1 UNION SELECT 2", "DISTINCT 1", "1/", "-- 1",
                  "1 GROUP BY ALL", "1 USING SAMPLE 1", "1 HAVING true", "1 QUALIFY true",
                  "1 INTO x"});
  expect_refused(
      {"1) , (2", "1)--", "1) FROM range(3) --", "(1", "/* 1", "'a", "1))--", "$$a", "1 */ /*"});
}

TEST_F(ConstantExpression, HasNoSubquery) {
  expect_refused({"(SELECT 1)", "EXISTS (SELECT 1)", "ARRAY(SELECT 1)", "1 IN (SELECT 1)",
                  "(VALUES (1))", "(FROM range(3))", "1 = ANY (SELECT 1)", "[(SELECT 1)]",
                  "concat('a', (FROM read_text('/etc/hostname')))", "{'a': (SELECT 1)}",
                  "CASE WHEN EXISTS (FROM range(1)) THEN 1 END", "lower((SELECT 'a'))"},
                 "SUBQUERY");
  expect_refused({"(TABLE x)", "(WITH x AS (SELECT 1) FROM x)"});
}

TEST_F(ConstantExpression, HasNoColumnParameterAggregateWindowOrLambda) {
  expect_refused({"a",
                  "now",
                  "\"a\"",
                  "'a' || b",
                  "?",
                  "$1",
                  "$a",
                  "*",
                  "COLUMNS(*)",
                  "DEFAULT",
                  "sum(1)",
                  "count(*)",
                  "row_number() OVER ()",
                  "sum(1) OVER ()",
                  "unnest([1])",
                  "list_transform([1], lambda x: x)",
                  "list_transform([1], x -> x)",
                  "[x for x in [1]]",
                  "list_sum([1])",
                  "list_aggregate([1], 'sum')",
                  "grouping(1)"});
}

TEST_F(ConstantExpression, ReadsNothingOutsideOfItself) {
  expect_refused({"getvariable('day_start')",
                  "current_setting('threads')",
                  "getenv('HOME')",
                  "read_text('/etc/hostname')",
                  "read_csv('x')",
                  "glob('*')",
                  "query('SELECT 1')",
                  "query_table('x')",
                  "current_user",
                  "user",
                  "session_user",
                  "current_database()",
                  "current_schema()",
                  "current_catalog",
                  "version()",
                  "txid_current()",
                  "current_query()",
                  "pg_typeof(1)",
                  "duckdb_secrets()",
                  "which_secret('a', 'b')",
                  "json_serialize_plan('SELECT 1')",
                  "json_execute_serialized_sql('x')",
                  "current_connection_id()",
                  "has_table_privilege('a', 'b')",
                  "alias(1)",
                  "getvariable('a' || 'b')",
                  "main.getvariable('x')",
                  "system.main.version()",
                  "\"current_setting\"('threads')",
                  "CURRENT_SETTING('threads')",
                  "lower(getvariable('x'))",
                  "CASE WHEN 1 = 2 THEN getenv('HOME') END"});
}

TEST_F(ConstantExpression, IsTheSameAtAnyTime) {
  expect_refused({"random()",
                  "uuid()",
                  "gen_random_uuid()",
                  "uuidv7()",
                  "now()",
                  "today()",
                  "current_date",
                  "current_time",
                  "current_timestamp",
                  "localtime",
                  "localtimestamp",
                  "current_localtime()",
                  "current_localtimestamp()",
                  "get_current_timestamp()",
                  "transaction_timestamp()",
                  "age(DATE '2026-05-15')",
                  "age(TIMESTAMP '2026-05-15')",
                  "ago(INTERVAL 1 DAY)",
                  "CAST(now() AS DATE)",
                  "date_part('year', current_date)",
                  "setseed(0.5)"});
}

TEST_F(ConstantExpression, DoesNothing) {
  expect_refused({"nextval('s')", "currval('s')", "setseed(0.1)", "write_log('x')", "sleep_ms(1)",
                  "pg_sleep(1)", "error('x')", "1; ATTACH 'x.db'", "1; COPY (SELECT 1) TO 'x'",
                  "1; SET threads = 1", "1; INSTALL httpfs", "1; DROP TABLE x"});
}

TEST_F(ConstantExpression, CallsNoMacro) {
  engine_.execute("CREATE MACRO innocent(x) AS (SELECT count(*) FROM range(x))");
  engine_.execute("CREATE MACRO upper(x) AS getvariable(x)");
  expect_refused({"innocent(1)", "upper('a')"}, "no pure scalar function");
}

TEST_F(ConstantExpression, HasAValue) {
  expect_refused({"CAST('x' AS INTEGER)", "no_such_function(1)", "1 + 'a'", "CAST(1 AS no_type)",
                  "repeat('x', 100000000000)"});
}

}  // namespace
}  // namespace daedalus
