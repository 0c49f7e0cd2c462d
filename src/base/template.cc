#include "base/template.h"

#include <set>

#include "daedalus/error.h"

namespace daedalus {

std::string fill_template(std::string_view text, const std::map<std::string, std::string>& values,
                          const std::map<std::string, std::string>& names) {
  std::string filled;
  std::set<std::string> used;
  while (true) {
    const std::size_t open = text.find("{{");
    filled += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find("}}", open);
    if (close == std::string_view::npos)
      throw Error(ErrorKind::kBug, "a SQL file has '{{' without '}}'");
    const std::string name(text.substr(open + 2, close - open - 2));
    const auto& known = values.contains(name) ? values : names;
    const auto found = known.find(name);
    if (found == known.end())
      throw Error(ErrorKind::kBug, "a SQL file has an unknown marker {{" + name + "}}");
    filled += found->second;
    used.insert(name);
    text.remove_prefix(close + 2);
  }
  for (const auto& [name, value] : values) {
    if (!used.contains(name))
      throw Error(ErrorKind::kBug, "a SQL file lacks its marker {{" + name + "}}");
  }
  return filled;
}

}  // namespace daedalus
