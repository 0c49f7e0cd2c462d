// Why a file can't be read, and what its owner can do about it.
#pragma once

#include <string>

#include "daedalus/error.h"

namespace daedalus {

/// What follows the name of the file in a message, and what would mend it.
struct ReadingFault {
  std::string what;  ///< "can't be read: …", or what the file has that is not supported.
  std::string fix;
};

/// The fault of the file or dataset at `path`, of which a read ended with `error`. A sound file
/// that has what we can't read is told from a damaged one.
ReadingFault reading_fault(const std::string& path, const Error& error);

}  // namespace daedalus
