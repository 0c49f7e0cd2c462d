#include "catalog/file_column.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "config/problems.h"

namespace daedalus {
namespace {

// The only name that `matches`, if any does.
template <typename Matches>
std::optional<std::size_t> only_match(const std::vector<std::string>& names,
                                      const std::string& wanted, const Matches& matches) {
  const auto first = std::ranges::find_if(names, matches);
  if (first == names.end()) return std::nullopt;
  const auto second = std::find_if(first + 1, names.end(), matches);
  if (second != names.end()) {
    throw Error(ErrorKind::kInput,
                *first == *second
                    ? fmt::format("has the column '{}' twice", *first)
                    : fmt::format("has the columns '{}' and '{}', and the configuration names '{}'",
                                  *first, *second, wanted),
                "rename one of them in the source, or name the right one exactly in `columns`");
  }
  return static_cast<std::size_t>(first - names.begin());
}

}  // namespace

std::optional<std::size_t> match_column(const std::vector<std::string>& names,
                                        const std::string& wanted) {
  if (const auto exact =
          only_match(names, wanted, [&](const std::string& name) { return name == wanted; }))
    return exact;
  return only_match(names, wanted,
                    [&](const std::string& name) { return config::same_name(name, wanted); });
}

std::string escape_glob(const std::string& path) {
  std::string escaped;
  for (const char c : path)
    escaped += std::string_view("*?[").find(c) != std::string_view::npos ? fmt::format("[{}]", c)
                                                                         : std::string(1, c);
  return escaped;
}

}  // namespace daedalus
