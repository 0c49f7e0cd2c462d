// The process entry of `daeda`; everything it does is in run_cli().
#include <algorithm>
#include <iostream>

#include "cli/cli.h"

int main(int argc, char** argv) {
  return daedalus::cli::run_cli({argv + std::min(argc, 1), argv + argc}, std::cout, std::cerr);
}
