# The functions that are fuzzed, for the tests to replay their seeds, and, where the compiler has libFuzzer, a program
# fuzz_NAME for each. test/fuzz/README.md says how they are used.
file(GLOB fuzz_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/test/fuzz/*.cc")
list(FILTER fuzz_sources EXCLUDE REGEX "/fuzz_main\\.cc$|_test\\.cc$")
add_library(daedalus_fuzz_targets STATIC ${fuzz_sources})
target_include_directories(daedalus_fuzz_targets PUBLIC "${PROJECT_SOURCE_DIR}/test/fuzz")
target_link_libraries(daedalus_fuzz_targets PUBLIC daedalus PRIVATE daedalus_warnings)

target_sources(daedalus_tests PRIVATE "${PROJECT_SOURCE_DIR}/test/fuzz/fuzz_seeds_test.cc")
target_link_libraries(daedalus_tests PRIVATE daedalus_fuzz_targets)

if(DAEDALUS_FUZZERS)
  add_custom_target(fuzzers)
  foreach(name IN ITEMS yaml config times pit published)
    add_executable(fuzz_${name} "${PROJECT_SOURCE_DIR}/test/fuzz/fuzz_main.cc"
      "${PROJECT_SOURCE_DIR}/cmake/sanitizer_options.cc")
    target_compile_definitions(fuzz_${name} PRIVATE "DAEDALUS_FUZZ_TARGET=${name}")
    target_link_libraries(fuzz_${name} PRIVATE daedalus_fuzz_targets daedalus_warnings)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzzers fuzz_${name})
  endforeach()
endif()
