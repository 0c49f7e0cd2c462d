// SQL files with `{{marker}}`s, the one way in which a configuration shapes SQL.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace daedalus {

/// `text` with every `{{name}}` replaced by `values.at(name)`, which is SQL: quoted where it came
/// from outside, or else by `names.at(name)`, which a text need not use. Throws Error{kBug} when a
/// marker has no value or a value of `values` has no marker.
std::string fill_template(std::string_view text, const std::map<std::string, std::string>& values,
                          const std::map<std::string, std::string>& names = {});

}  // namespace daedalus
