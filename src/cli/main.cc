// The process entry of `daeda`; everything it does is in run_cli().
#include <algorithm>
#include <iostream>

#include "cli/cli.h"
#include "engine/lance_use.h"

int main(int argc, char** argv) {
  daedalus::report_lance_crashes();
  return daedalus::cli::run_cli({argv + std::min(argc, 1), argv + argc}, std::cout, std::cerr);
}
