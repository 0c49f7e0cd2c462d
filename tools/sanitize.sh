#!/usr/bin/env bash
# Runs tests under the sanitizers: address and undefined behaviour (build/asan), then threads (build/tsan).
#
#   tools/sanitize.sh         what .ci/run has time for: asan the unit tests and a day from text to rows; tsan days of which
#                             several are computed at once, each with several threads
#   tools/sanitize.sh --all   the unit tests, and all tests of the program and its faults. Not: the Python package's, which
#                             load an interpreter without sanitizers; too few file descriptors, of which these need some
#                             themselves
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

jobs=${JOBS:-$(nproc)}

build() {
  local preset=$1
  shift
  [[ -e build/$preset/build.ninja ]] || cmake --preset "$preset" >/dev/null
  cmake --build --preset "$preset" --parallel "$jobs" --target "$@"
}

unit_tests() { "build/$1/daedalus_tests" --gtest_brief=1; }

program_tests() {
  local preset=$1
  shift
  DAEDA="$PWD/build/$preset/daeda" .deps/venv/bin/python -m pytest -q "$@"
}

if [[ ${1:-} == --all ]]; then
  for preset in asan tsan; do
    build "$preset" daeda daeda_faults failing_disk daedalus_tests
    unit_tests "$preset"
    program_tests "$preset" test --ignore test/python --ignore test/examples \
      --deselect test/fault/test_resources.py::test_too_few_file_descriptors
  done
else
  build asan daeda daedalus_tests
  unit_tests asan
  program_tests asan test/golden
  build tsan daeda daeda_faults
  program_tests tsan test/golden test/cli/test_fail_fast.py test/property/test_reruns.py -k "golden or fail_fast or day_workers"
fi
