// Where in a text file a record stands, for messages.
#pragma once

#include <cstdint>
#include <string>

#include "daedalus/config.h"

namespace daedalus {

/// "line 7": where the record `number`, from 1, of the CSV or JSON at `path` begins; "record 6"
/// where lines can't be counted, as in a compressed file. The header of a CSV is no record.
std::string place_of_record(const std::string& path, SourceFormat format, std::int64_t number);

}  // namespace daedalus
