# Finds barkeep, a header-only progress bar; makes the target barkeep::barkeep (#include <barkeep/barkeep.h>).
# barkeep_ROOT and CMAKE_PREFIX_PATH go before what tools/setup.sh fetched into .deps.
find_path(barkeep_INCLUDE_DIR barkeep/barkeep.h HINTS "${CMAKE_CURRENT_LIST_DIR}/../.deps/barkeep/include")
mark_as_advanced(barkeep_INCLUDE_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(barkeep REQUIRED_VARS barkeep_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "run tools/setup.sh, or set barkeep_ROOT")

if(barkeep_FOUND AND NOT TARGET barkeep::barkeep)
  add_library(barkeep::barkeep INTERFACE IMPORTED)
  set_target_properties(barkeep::barkeep PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${barkeep_INCLUDE_DIR}"
    INTERFACE_COMPILE_DEFINITIONS BARKEEP_ENABLE_FMT_FORMAT
    INTERFACE_LINK_LIBRARIES fmt::fmt)
endif()
