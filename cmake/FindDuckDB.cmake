# Finds DuckDB's C API; makes the target DuckDB::duckdb.
# DuckDB_ROOT and CMAKE_PREFIX_PATH go before what tools/setup.sh fetched into .deps.
find_path(DuckDB_INCLUDE_DIR duckdb.h HINTS "${CMAKE_CURRENT_LIST_DIR}/../.deps/duckdb/include")
find_library(DuckDB_LIBRARY duckdb HINTS "${CMAKE_CURRENT_LIST_DIR}/../.deps/duckdb/lib")
mark_as_advanced(DuckDB_INCLUDE_DIR DuckDB_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(DuckDB REQUIRED_VARS DuckDB_LIBRARY DuckDB_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "run tools/setup.sh, or set DuckDB_ROOT")

if(DuckDB_FOUND AND NOT TARGET DuckDB::duckdb)
  add_library(DuckDB::duckdb SHARED IMPORTED)
  set_target_properties(DuckDB::duckdb PROPERTIES
    IMPORTED_LOCATION "${DuckDB_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${DuckDB_INCLUDE_DIR}")
endif()
