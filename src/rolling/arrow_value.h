// Results of Arrow that fail for want of memory alone.
#pragma once

#include <arrow/result.h>

#include <string>
#include <utility>

#include "daedalus/error.h"

namespace daedalus {

/// The value of `result`. Throws Error{kEnvironment} that begins with `what`, e.g. "lists can't be
/// held".
template <typename T>
T value_of(arrow::Result<T> result, const std::string& what,
           const std::string& fix = "free some memory") {
  if (result.ok()) return std::move(result).ValueUnsafe();
  throw Error(ErrorKind::kEnvironment, what + ": " + result.status().ToString(), fix);
}

}  // namespace daedalus
