// What DuckDB says went wrong, as an Error that says who must act; and whether the process was told
// to stop.
#pragma once

#include <duckdb.h>

#include <string>

#include "daedalus/error.h"

namespace daedalus {

/// Whether statements must stop: between Engine::interrupt_all() and resume_all().
bool is_interrupted();
void set_interrupted(bool yes);

/// Throws Error{kInterrupted} when statements must stop.
void throw_if_interrupted();

/// The Error of a result that failed while `sql` ran.
Error duckdb_failure(duckdb_result& result, const std::string& sql);

}  // namespace daedalus
