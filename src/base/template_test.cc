#include "base/template.h"

#include <gtest/gtest.h>

#include "daedalus/error.h"

namespace daedalus {
namespace {

TEST(Template, FillsEveryMarkerOnceAndLeavesValuesAlone) {
  EXPECT_EQ(fill_template("a {{x}} b {{x}}{{y}}", {{"x", "{{y}}"}, {"y", ""}}), "a {{y}} b {{y}}");
}

TEST(Template, NamesAreThereForWhoUsesThem) {
  EXPECT_EQ(fill_template("{{x}} {{n}}", {{"x", "1"}}, {{"n", "2"}, {"m", "3"}}), "1 2");
  EXPECT_EQ(fill_template("{{x}}", {{"x", "1"}}, {{"x", "2"}}), "1");
  EXPECT_THROW(fill_template("{{y}}", {}, {{"n", "2"}}), Error);
}

TEST(Template, AMarkerWithoutValueAndAValueWithoutMarkerAreDefects) {
  EXPECT_THROW(fill_template("{{x}}", {}), Error);
  EXPECT_THROW(fill_template("", {{"x", "1"}}), Error);
  EXPECT_THROW(fill_template("{{x", {{"x", "1"}}), Error);
}

}  // namespace
}  // namespace daedalus
