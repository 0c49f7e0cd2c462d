// What the C library's allocator keeps of memory that nobody uses any more.
#pragma once

namespace daedalus {

/// Returns freed memory to the system, where the C library can. It keeps some tens of megabytes
/// of small blocks otherwise, which others can't use: DuckDB and Arrow have allocators of their
/// own.
void return_freed_memory();

}  // namespace daedalus
