// The types that columns of CSV and JSON sources have by the values seen so far.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daedalus/config.h"

namespace daedalus {

/// A column whose type is another now.
struct AcceptedType {
  std::string source;  ///< "feed", "embedding_pool" or the view's name.
  std::string column;
  std::string before;  ///< Empty where none was kept.
  std::string after;   ///< Empty where the column has no value any more.
};

/// Finds the types of CSV and JSON columns anew in all rows, whatever was kept of them in
/// `output_root/_types.json`, and keeps these: of all text sources, or of `source`, or of its
/// `column` alone. Returns what is another now, by source and column; days that were made with
/// another type are computed again by the next run. Throws Error: kConfig for a name that the
/// catalog does not have or a source whose format has types of its own, kInput when a file can't be
/// read (nothing is kept then), kEnvironment when output_root can't be written.
std::vector<AcceptedType> accept_types(const Config& config,
                                       const std::optional<std::string>& source = {},
                                       const std::optional<std::string>& column = {});

}  // namespace daedalus
