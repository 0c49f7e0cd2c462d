// The process entry of `daeda`; everything it does is in run_cli().
#include <arrow/memory_pool.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "cli/cli.h"
#include "engine/lance_use.h"

namespace {

// Of Arrow's pools, jemalloc keeps what is freed for who asks next; the default one gives it back,
// and memory fresh from the system is cleared first: 0.3 of 10 CPU seconds of a large day. Arrow
// reads the variable when it is first asked for memory; who has set it knows why.
void prefer_jemalloc() {
  const auto backends = arrow::SupportedMemoryBackendNames();
  if (std::ranges::find(backends, "jemalloc") != backends.end())
    ::setenv("ARROW_DEFAULT_MEMORY_POOL", "jemalloc", /*overwrite=*/0);
}

}  // namespace

int main(int argc, char** argv) {
  prefer_jemalloc();
  daedalus::report_lance_crashes();
  return daedalus::cli::run_cli({argv + std::min(argc, 1), argv + argc}, std::cout, std::cerr);
}
