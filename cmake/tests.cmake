# CTest's entries: `unit` (C++), `pytest` (the program from outside), and one for every tools/check_* script.
find_package(GTest REQUIRED)
find_package(rapidcheck REQUIRED)

file(GLOB_RECURSE more_test_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/test/unit/*.cc")
list(APPEND test_sources ${more_test_sources})
if(test_sources)
  add_executable(daedalus_tests ${test_sources})
  target_link_libraries(daedalus_tests PRIVATE daedalus_cli daedalus_warnings rapidcheck GTest::gmock_main)
  target_compile_definitions(daedalus_tests PRIVATE "DAEDALUS_SOURCE_DIR=\"${PROJECT_SOURCE_DIR}\"")
  # One entry for all: every start loads DuckDB and Arrow, which one process a test would pay hundreds of times.
  add_test(NAME unit COMMAND daedalus_tests --gtest_brief=1 WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(unit PROPERTIES TIMEOUT 1200)
endif()

include(cmake/fuzz.cmake)

# The program with points that fail on demand, and a disk that does: see test/fault/README.md.
add_executable(daeda_faults "${main_source}" test/fault/injecting_fault_point.cc)
target_link_libraries(daeda_faults PRIVATE daedalus_cli daedalus_warnings)
add_library(failing_disk MODULE test/fault/failing_disk.cc)
target_link_libraries(failing_disk PRIVATE daedalus_warnings ${CMAKE_DL_LIBS})
set_target_properties(failing_disk PROPERTIES PREFIX "" CXX_VISIBILITY_PRESET default)

# Random sequences of what is done to an output; how many, DAEDALUS_SEQUENCES says.
file(GLOB sequences_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/test/fault/sequences/*.cc")
add_executable(daedalus_sequences ${sequences_sources})
target_link_libraries(daedalus_sequences PRIVATE daedalus daedalus_warnings rapidcheck GTest::gtest)
add_dependencies(daedalus_sequences daeda daeda_faults)
add_test(NAME sequences COMMAND daedalus_sequences --gtest_brief=1)
set_tests_properties(sequences PROPERTIES ENVIRONMENT "DAEDA=$<TARGET_FILE:daeda>" TIMEOUT 3600)

set(venv_python "${PROJECT_SOURCE_DIR}/.deps/venv/bin/python")
file(GLOB_RECURSE python_tests CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/test/test_*.py")
if(python_tests AND TARGET daeda AND EXISTS "${venv_python}")
  add_test(NAME pytest COMMAND "${venv_python}" -m pytest -q test WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(pytest PROPERTIES ENVIRONMENT "DAEDA=$<TARGET_FILE:daeda>" TIMEOUT 2400 LABELS python)
endif()

file(GLOB checks CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tools/check_*.py" "${PROJECT_SOURCE_DIR}/tools/check_*.sh")
foreach(check IN LISTS checks)
  get_filename_component(name "${check}" NAME_WE)
  add_test(NAME ${name} COMMAND "${check}" WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES LABELS check)
  if(TARGET daeda) # for a check that compares a document with what the program says
    set_tests_properties(${name} PROPERTIES ENVIRONMENT "DAEDA=$<TARGET_FILE:daeda>")
  endif()
endforeach()
