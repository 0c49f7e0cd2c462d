// Which names mean secrets: what bears one is not to be shown.
#pragma once

#include <string_view>

namespace daedalus {

/// Whether a setting or an environment variable of this name holds a secret, by the words that such
/// names are made of: password, secret, token, credential, key and their like, in any case.
bool names_secret(std::string_view name);

}  // namespace daedalus
