#include "cli/errors.h"

#include <gtest/gtest.h>

#include <new>
#include <sstream>
#include <stdexcept>

namespace daedalus::cli {
namespace {

template <typename Exception>
std::pair<int, std::string> printed(const Exception& exception) {
  std::ostringstream err;
  try {
    throw exception;  // NOLINT(cert-err60-cpp): exceptions with text copy by allocation
  } catch (...) {
    const int code = print_current_exception(err);
    return {code, err.str()};
  }
}

TEST(Errors, PrintsEveryProblemWithPlaceAndFix) {
  const Error error(ErrorKind::kConfig,
                    {{{"training/runtime.yaml", 12}, "unknown key 'a'", "did you mean 'b'?"},
                     {{"--set", 0}, "no value", ""},
                     {{}, "no place", "say where"}});
  const auto [code, text] = printed(error);
  EXPECT_EQ(code, 2);
  EXPECT_EQ(text,
            "error: training/runtime.yaml:12: unknown key 'a'\n"
            "  fix: did you mean 'b'?\n"
            "error: --set: no value\n"
            "error: no place\n"
            "  fix: say where\n");
}

TEST(Errors, KeepsACaretBelowItsColumn) {
  const auto [code, text] =
      printed(Error(ErrorKind::kInput, "no column y\n\nSELECT x, y\n          ^"));
  EXPECT_EQ(code, 4);
  EXPECT_EQ(text, "error: no column y\n\n  SELECT x, y\n            ^\n");
}

TEST(Errors, EachKindHasItsCode) {
  EXPECT_EQ(printed(Error(ErrorKind::kDataCheck, "x")).first, 3);
  EXPECT_EQ(printed(Error(ErrorKind::kEnvironment, "x")).first, 5);
  EXPECT_EQ(printed(Error(ErrorKind::kInterrupted, "x")).first, 130);
}

TEST(Errors, ADefectAsksToBeReported) {
  for (const auto& [code, text] :
       {printed(Error(ErrorKind::kBug, "impossible")), printed(std::logic_error("impossible"))}) {
    EXPECT_EQ(code, 70);
    EXPECT_TRUE(text.starts_with("error: impossible\n")) << text;
    EXPECT_NE(text.find("report"), std::string::npos) << text;
  }
  EXPECT_EQ(printed(7).first, 70);
}

TEST(Errors, OutOfMemoryIsTheMachines) {
  const auto [code, text] = printed(std::bad_alloc());
  EXPECT_EQ(code, 5);
  EXPECT_TRUE(text.starts_with("error: out of memory\n  fix: ")) << text;
}

}  // namespace
}  // namespace daedalus::cli
