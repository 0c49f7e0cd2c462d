#include "base/secret_name.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace daedalus {

bool names_secret(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kAnywhere{"password", "passwd", "passphrase",
                                                             "secret",   "token",  "credential",
                                                             "apikey",   "bearer", "private"};
  static constexpr std::array<std::string_view, 5> kAsWord{"key", "pwd", "pass", "auth", "pat"};
  std::string lower;
  for (const char c : name) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (std::ranges::any_of(
          kAnywhere, [&](std::string_view part) { return lower.find(part) != std::string::npos; }))
    return true;
  std::ranges::replace_if(
      lower, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  lower = "_" + lower + "_";
  return std::ranges::any_of(kAsWord, [&](std::string_view word) {
    return lower.find("_" + std::string(word) + "_") != std::string::npos;
  });
}

}  // namespace daedalus
