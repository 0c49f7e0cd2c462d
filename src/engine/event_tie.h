// event_tie(artwork_id, event): the hash that orders events of one instant.
#pragma once

#include <duckdb.h>

namespace daedalus {

/// Registers `event_tie(VARCHAR, VARCHAR) -> UBIGINT`: XXH3-64, seed 0, of the UTF-8 bytes of the
/// first argument, one byte 0x1F and the second. NULL when either is. (Breaking ties by the item id
/// itself would plant a pattern that a model can learn.) Source: XXH3, github.com/Cyan4973/xxHash.
/// Returns false when DuckDB refuses.
bool register_event_tie(duckdb_connection connection);

}  // namespace daedalus
