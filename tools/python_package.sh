#!/usr/bin/env bash
# Builds the wheel of pyproject.toml into build/wheel and installs it into .deps/venv, unless nothing of it changed since.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

stamp=.deps/venv/wheel_made
sources=(pyproject.toml CMakeLists.txt cmake config include python sql src tools/requirements.txt)
if [[ -e $stamp && -n $(find build/wheel -name '*.whl' 2>/dev/null) ]]; then
  [[ -n $(find "${sources[@]}" -newer "$stamp" -print -quit) ]] || exit 0
fi

export CXX=${CXX:-c++} # CMake's own choice, which ccache tells from g++
pip() { .deps/venv/bin/python -m pip --disable-pip-version-check "$@"; }

touch .deps/wheel_begun # what changes from here on is in the next wheel
rm -rf build/wheel
log=$(mktemp)
trap 'rm -f "$log"' EXIT
pip wheel . --no-build-isolation --no-deps --wheel-dir build/wheel >"$log" 2>&1 || { tail -n 60 "$log" >&2; exit 1; }
pip install --quiet --no-deps --force-reinstall build/wheel/*.whl
mv .deps/wheel_begun "$stamp"
