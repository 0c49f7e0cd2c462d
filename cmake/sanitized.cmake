# What the presets asan and tsan have besides: the options of the sanitizers in each program, and precompiled headers, for
# `.ci/run` builds them anew each time, and half of that was reading Arrow's and googletest's headers.
foreach(program IN ITEMS daeda daeda_faults daedalus_tests daedalus_sequences)
  if(TARGET ${program})
    target_sources(${program} PRIVATE "${PROJECT_SOURCE_DIR}/cmake/sanitizer_options.cc")
  endif()
endforeach()

set(headers <arrow/api.h> <fmt/format.h> <fmt/ranges.h> <nlohmann/json.hpp> <algorithm> <chrono> <filesystem> <fstream>
  <functional> <map> <memory> <optional> <ranges> <set> <sstream> <string> <vector>)
target_precompile_headers(daedalus PRIVATE ${headers})
target_precompile_headers(daedalus_cli PRIVATE <CLI/CLI.hpp> ${headers})
target_precompile_headers(daedalus_tests PRIVATE <gmock/gmock.h> <gtest/gtest.h> ${headers})
