#include "engine/duckdb_text.h"

#include <algorithm>
#include <array>
#include <regex>

namespace daedalus {
namespace {

// From here on a text tells nothing of what happened.
constexpr std::array<std::string_view, 3> kEnds = {"\nLINE ", "\n  file = ", "Stack Trace:"};

// How a line of advice begins that can't be followed: Daedalus sets these options, or has none.
constexpr std::array<std::string_view, 14> kAdvice = {
    "Possible solution",
    "Possible Solution",
    "Possible fixes",
    "* ",
    "Try ",
    "See also ",
    "By default, this setting ",
    "You can adjust this setting",
    "Database is launched in in-memory mode",
    "Unused blocks cannot be offloaded",
    "Launch the database with",
    "Or set SET ",
    "This error signals an assertion failure",
    "For more information, see https:",
};

bool is_advice(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return std::ranges::any_of(kAdvice,
                             [&](std::string_view start) { return line.starts_with(start); });
}

// Rust's places, which the reader of Lance lists: ", /…/dataset.rs:619:26 (code=4)".
std::string without_places(const std::string& text) {
  static const std::regex kPlace(R"(, /[^\s,]*\.rs:\d+:\d+| \(code=\d+\))");
  return text.find(".rs:") == std::string::npos ? text : std::regex_replace(text, kPlace, "");
}

}  // namespace

std::string clean_duckdb_text(std::string_view text) {
  for (const std::string_view end : kEnds) text = text.substr(0, text.find(end));
  std::string cleaned;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, length);
    if (!line.empty() && !is_advice(line)) {
      if (!cleaned.empty()) cleaned += '\n';
      cleaned += line;
    }
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return without_places(cleaned);
}

}  // namespace daedalus
