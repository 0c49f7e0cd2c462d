// JSON for scripts: keys in the order written, text that is not UTF-8 made so.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace daedalus::cli {

using Json = nlohmann::ordered_json;

inline std::string to_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace daedalus::cli
