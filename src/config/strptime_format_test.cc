#include "config/strptime_format.h"

#include <gtest/gtest.h>

namespace daedalus::config {
namespace {

std::string what(const std::string& format) {
  const auto fault = strptime_fault(format);
  return fault ? fault->what : "";
}

TEST(StrptimeFormat, TakesWholeDatesInAnyOfItsSpecifiers) {
  for (const char* format : {"%d/%m/%Y %H:%M", "%-d.%-m.%-y", "%Y-%j", "%c", "%x %T", "%d %h %Y",
                             "100%% %B %d, %Y %I:%M:%S.%f %p %z", "%a %A %Y%m%d"})
    EXPECT_EQ(what(format), "") << format;
}

TEST(StrptimeFormat, RefusesWhatIsNotKnown) {
  EXPECT_EQ(what("%Y-%m-%d %s"), "strptime has no specifier %s");
  EXPECT_EQ(what("%-Y-%m-%d"), "strptime has no specifier %-Y");
  EXPECT_EQ(what("%Y-%m-%d %"), "the format ends within a specifier");
  EXPECT_EQ(what("%Y-%m-%d %-"), "the format ends within a specifier");
}

TEST(StrptimeFormat, RefusesADateThatIsNotWhole) {
  EXPECT_EQ(what("%H:%M"), "the format gives no year and month and day");
  EXPECT_EQ(what("%Y-%m"), "the format gives no day");
  EXPECT_EQ(what("%%Y-%m-%d"), "the format gives no year");
  EXPECT_EQ(what("%Y week %V"), "the format gives no month and day");
}

}  // namespace
}  // namespace daedalus::config
