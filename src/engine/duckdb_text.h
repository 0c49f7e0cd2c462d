// DuckDB's words in ours: what it says of an error, without what only who uses DuckDB itself can
// follow.
#pragma once

#include <string>
#include <string_view>

namespace daedalus {

/// `text` without advice about DuckDB's own options, listings of them, stack traces, places in the
/// source of a reader, and the line of SQL that was run.
std::string clean_duckdb_text(std::string_view text);

}  // namespace daedalus
