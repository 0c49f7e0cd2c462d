#include "base/template.h"

#include <gtest/gtest.h>

#include "daedalus/error.h"

namespace daedalus {
namespace {

TEST(Template, FillsEveryMarkerOnceAndLeavesValuesAlone) {
  EXPECT_EQ(fill_template("a {{x}} b {{x}}{{y}}", {{"x", "{{y}}"}, {"y", ""}}), "a {{y}} b {{y}}");
}

TEST(Template, AMarkerWithoutValueAndAValueWithoutMarkerAreDefects) {
  EXPECT_THROW(fill_template("{{x}}", {}), Error);
  EXPECT_THROW(fill_template("", {{"x", "1"}}), Error);
  EXPECT_THROW(fill_template("{{x", {{"x", "1"}}), Error);
}

}  // namespace
}  // namespace daedalus
