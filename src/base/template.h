// SQL files with `{{marker}}`s, the one way in which a configuration shapes SQL.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace daedalus {

/// `text` with every `{{name}}` replaced by `values.at(name)`, which is SQL: quoted where it came
/// from outside. Throws Error{kBug} when a marker has no value or a value has no marker.
std::string fill_template(std::string_view text, const std::map<std::string, std::string>& values);

}  // namespace daedalus
