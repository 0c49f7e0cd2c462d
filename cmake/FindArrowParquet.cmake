# Finds Arrow C++ and Parquet; makes the targets ArrowParquet::arrow and ArrowParquet::parquet.
# An installed Arrow with its own CMake files (Arrow_ROOT, Parquet_ROOT, CMAKE_PREFIX_PATH or the system's) goes before
# the copy inside pyarrow that tools/setup.sh fetched into .deps.
include(FindPackageHandleStandardArgs)

find_package(Arrow CONFIG QUIET)
find_package(Parquet CONFIG QUIET)
if(TARGET Arrow::arrow_shared AND TARGET Parquet::parquet_shared)
  set(ArrowParquet_ARROW_LIBRARY Arrow::arrow_shared)
  set(ArrowParquet_PARQUET_LIBRARY Parquet::parquet_shared)
  set(ArrowParquet_VERSION ${Arrow_VERSION})
else()
  # The libraries in a Python wheel have only their versioned names, such as libarrow.so.2600.
  set(deps "${CMAKE_CURRENT_LIST_DIR}/../.deps/arrow")
  file(REAL_PATH "${deps}/include" include_dir)
  file(REAL_PATH "${deps}/lib" library_dir)
  file(GLOB arrow_library "${library_dir}/libarrow.so.*")
  file(GLOB parquet_library "${library_dir}/libparquet.so.*")
  if(EXISTS "${include_dir}/arrow/api.h" AND arrow_library AND parquet_library)
    file(STRINGS "${include_dir}/arrow/util/config.h" version REGEX "ARROW_VERSION_STRING")
    string(REGEX MATCH "[0-9.]+" ArrowParquet_VERSION "${version}")
    add_library(ArrowParquet_arrow SHARED IMPORTED)
    set_target_properties(ArrowParquet_arrow PROPERTIES
      IMPORTED_LOCATION "${arrow_library}"
      INTERFACE_INCLUDE_DIRECTORIES "${include_dir}")
    add_library(ArrowParquet_parquet SHARED IMPORTED)
    set_target_properties(ArrowParquet_parquet PROPERTIES
      IMPORTED_LOCATION "${parquet_library}"
      INTERFACE_LINK_LIBRARIES ArrowParquet_arrow)
    set(ArrowParquet_ARROW_LIBRARY ArrowParquet_arrow)
    set(ArrowParquet_PARQUET_LIBRARY ArrowParquet_parquet)
  endif()
endif()

find_package_handle_standard_args(ArrowParquet
  REQUIRED_VARS ArrowParquet_ARROW_LIBRARY ArrowParquet_PARQUET_LIBRARY
  VERSION_VAR ArrowParquet_VERSION
  REASON_FAILURE_MESSAGE "run tools/setup.sh, or set Arrow_ROOT and Parquet_ROOT")

if(ArrowParquet_FOUND AND NOT TARGET ArrowParquet::arrow)
  add_library(ArrowParquet::arrow ALIAS ${ArrowParquet_ARROW_LIBRARY})
  add_library(ArrowParquet::parquet ALIAS ${ArrowParquet_PARQUET_LIBRARY})
endif()
