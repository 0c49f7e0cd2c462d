#!/usr/bin/env bash
# Puts everything the build needs in place: Debian packages by name, the rest into .deps/ (gitignored).
# Idempotent; silent and quick when there is nothing to do. Versions are pinned here and in requirements.txt.
#
#   tools/setup.sh            set up
#   DAEDALUS_APT=no           leave the system's packages alone (they come from elsewhere)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
deps=$root/.deps

duckdb_version=1.5.5
duckdb_npm_version=1.5.5-r.5       # package @duckdb/node-bindings-<platform>: the official libduckdb.so
duckdb_crate_version=1.10505.0     # crate libduckdb-sys: duckdb.h of the same release
barkeep_version=0.1.6              # Python package barkeep: its source archive holds the C++ header

packages=(
  ca-certificates make ninja-build cmake
  libcli11-dev libyaml-cpp-dev libfmt-dev libspdlog-dev nlohmann-json3-dev libxxhash-dev
  libgtest-dev libgmock-dev libbenchmark-dev librapidcheck-dev iso-codes
  ccache mold clang-tidy-16 clang-format-16 clang-16 libclang-rt-16-dev
)

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# The platform's name in DuckDB's npm packages.
case $(uname -s)-$(uname -m) in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  *) die "$(uname -sm) is not supported: no prebuilt libduckdb is known for it" ;;
esac

# cargo only fetches one crate here, but must be new enough (1.68) to read the registry's index file by file;
# Debian 12's own cargo would want a clone of the whole index. Its package cargo-web is recent.
cargo_is_recent() {
  local version
  version=$(cargo --version 2>/dev/null) || return 1
  [[ $version =~ ^cargo\ ([0-9]+)\.([0-9]+) ]] || return 1
  ((BASH_REMATCH[1] > 1 || BASH_REMATCH[2] >= 68))
}

missing_packages() {
  local package installed
  installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || true)
  for package in "${packages[@]}"; do
    [[ $'\n'$installed$'\n' == *$'\n'"installed $package"$'\n'* ]] || echo "$package"
  done
  # Tools that may well come from elsewhere than Debian: only wanted when the command is missing.
  have g++ || echo g++
  have git || echo git
  have flock || echo util-linux
  have python3 || echo python3
  # Python.h, for the Python package.
  python3 -c 'import os, sysconfig as s, sys; sys.exit(not os.path.exists(s.get_path("include") + "/Python.h"))' 2>/dev/null || echo python3-dev
  if [[ ! -x $deps/venv/bin/python ]]; then
    python3 -c 'import venv, ensurepip' 2>/dev/null || printf 'python3-venv\npython3-pip\n'
  fi
  [[ -e $deps/duckdb/lib/libduckdb.so ]] || have npm || echo npm
  [[ -e $deps/duckdb/include/duckdb.h ]] || cargo_is_recent || echo cargo-web
}

install_packages() {
  [[ ${DAEDALUS_APT:-yes} != no ]] || return 0
  if ! have apt-get; then
    [[ -e $deps/stamp ]] || say "no apt-get here: install the equivalents of these packages yourself: ${packages[*]}"
    return 0
  fi
  local missing sudo=()
  mapfile -t missing < <(missing_packages)
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    have sudo || die "these packages are missing, and there is no sudo: apt-get install ${missing[*]}"
    sudo=(sudo)
  fi
  say "installing ${missing[*]}"
  local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update >&2 </dev/null || die "apt-get update failed"
  "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" >"$scratch/apt.log" 2>&1 </dev/null || {
    tail -n 30 "$scratch/apt.log" >&2
    die "apt-get install failed"
  }
}

# Runs a command quietly; shows what it said when it fails.
quietly() {
  "$@" >"$scratch/log" 2>&1 </dev/null || {
    tail -n 30 "$scratch/log" >&2
    die "failed: $*"
  }
}

fetch_duckdb_library() {
  [[ -e $deps/duckdb/lib/libduckdb.so ]] && return
  say "fetching libduckdb $duckdb_version"
  have npm || die "npm is needed to fetch libduckdb"
  mkdir -p "$scratch/npm" "$deps/duckdb/lib"
  (cd "$scratch/npm" && quietly npm pack "@duckdb/node-bindings-$platform@$duckdb_npm_version" &&
    tar -xzf ./*.tgz)
  mv "$scratch/npm/package/LICENSE" "$deps/duckdb/LICENSE"
  mv "$scratch/npm/package/libduckdb.so" "$deps/duckdb/lib/libduckdb.so"
}

fetch_duckdb_header() {
  [[ -e $deps/duckdb/include/duckdb.h ]] && return
  say "fetching duckdb.h $duckdb_version"
  have cargo || die "cargo is needed to fetch duckdb.h"
  mkdir -p "$scratch/crate/src" "$deps/duckdb/include"
  : >"$scratch/crate/src/lib.rs"
  cat >"$scratch/crate/Cargo.toml" <<TOML
[package]
name = "headers"
version = "0.0.0"
[dependencies]
libduckdb-sys = { version = "=$duckdb_crate_version", default-features = false }
TOML
  # A cargo too old to read some other crate's manifest fails only after the download, which is all we want.
  (cd "$scratch/crate" && cargo fetch >"$scratch/log" 2>&1 </dev/null) || true
  local crate name=libduckdb-sys-$duckdb_crate_version
  crate=$(find "${CARGO_HOME:-$HOME/.cargo}/registry/cache" -name "$name.crate" -print -quit 2>/dev/null)
  [[ -n $crate ]] || {
    tail -n 30 "$scratch/log" >&2
    die "cargo could not fetch $name"
  }
  tar -xzOf "$crate" "$name/duckdb.tar.gz" | tar -xzf - -C "$scratch" duckdb/src/include/duckdb.h
  mv "$scratch/duckdb/src/include/duckdb.h" "$deps/duckdb/include/duckdb.h"
}

# barkeep.h, a progress bar. The header is in the source archive only, and pip hands that over once it has asked the
# archive's build backend (mesonpy) for the metadata: a stand-in answers, so nothing is built.
fetch_barkeep() {
  [[ -e $deps/barkeep/include/barkeep/barkeep.h ]] && return
  say "fetching barkeep.h $barkeep_version"
  local name=barkeep-$barkeep_version
  mkdir -p "$scratch/backend" "$deps/barkeep/include/barkeep"
  cat >"$scratch/backend/mesonpy.py" <<PY
import os

def prepare_metadata_for_build_wheel(directory, config_settings=None):
    os.mkdir(os.path.join(directory, "$name.dist-info"))
    with open(os.path.join(directory, "$name.dist-info", "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.1\nName: barkeep\nVersion: $barkeep_version\n")
    return "$name.dist-info"
PY
  quietly env PYTHONPATH="$scratch/backend" "$deps/venv/bin/python" -m pip download --disable-pip-version-check \
    --no-deps --no-build-isolation --no-binary barkeep --dest "$scratch" "barkeep==$barkeep_version"
  tar -xzf "$scratch/$name.tar.gz" -C "$scratch" "$name/barkeep/barkeep.h" "$name/LICENSE"
  mv "$scratch/$name/LICENSE" "$deps/barkeep/LICENSE"
  mv "$scratch/$name/barkeep/barkeep.h" "$deps/barkeep/include/barkeep/barkeep.h"
}

# Short names for what is used from the venv: .deps/arrow/{include,lib} and .deps/lance/lance.duckdb_extension.
link_from_venv() {
  local arrow lance
  arrow=$(cd "$deps" && echo venv/lib/python3*/site-packages/pyarrow)
  lance=$(cd "$deps" && echo "venv/lib/python3"*"/site-packages/duckdb_extension_lance/extensions/v$duckdb_version/lance.duckdb_extension")
  [[ -d $deps/$arrow/include && -e $deps/$lance ]] || die "pyarrow or duckdb-extension-lance in .deps/venv is not as expected"
  mkdir -p "$deps/arrow" "$deps/lance"
  ln -sfn "../$arrow/include" "$deps/arrow/include"
  ln -sfn "../$arrow" "$deps/arrow/lib"
  ln -sfn "../$lance" "$deps/lance/lance.duckdb_extension"
}

make_venv() {
  say "installing Python packages (pyarrow, duckdb-extension-lance, pytest ...)"
  # A venv knows its absolute path: one that moved, or whose Python is gone, is made anew.
  local made_for
  made_for=$(cat "$deps/venv/made_for" 2>/dev/null || true)
  if [[ $made_for != "$deps" ]] || ! "$deps/venv/bin/python" -c 'import pip' 2>/dev/null; then
    rm -rf "$deps/venv"
    quietly python3 -m venv "$deps/venv"
    printf '%s\n' "$deps" >"$deps/venv/made_for"
  fi
  quietly "$deps/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$root/tools/requirements.txt"
}

# Loads the Lance extension with the fetched libduckdb through its C API.
verify() {
  "$deps/venv/bin/python" - "$deps" "v$duckdb_version" <<'PY' || die "the fetched libduckdb does not work with the Lance extension"
import ctypes, sys
deps, version = sys.argv[1:]
lib = ctypes.CDLL(deps + "/duckdb/lib/libduckdb.so")
lib.duckdb_library_version.restype = ctypes.c_char_p
found = lib.duckdb_library_version().decode()
assert found == version, f"libduckdb is {found}, not {version}"
db, con = ctypes.c_void_p(), ctypes.c_void_p()
assert lib.duckdb_open(None, ctypes.byref(db)) == 0
assert lib.duckdb_connect(db, ctypes.byref(con)) == 0
path = (deps + "/lance/lance.duckdb_extension").replace("'", "''")
assert lib.duckdb_query(con, f"LOAD '{path}'".encode(), None) == 0, "LOAD lance failed"
PY
}

# What .deps was made from; the path counts, for a venv does not survive being moved.
wanted_stamp() {
  printf '%s\n' "$root" "$platform" "$duckdb_npm_version" "$duckdb_crate_version" "$barkeep_version"
  cat "$root/tools/requirements.txt"
}

is_current() {
  [[ -e $deps/stamp && $(<"$deps/stamp") == "$(wanted_stamp)" ]] &&
    [[ -e $deps/duckdb/lib/libduckdb.so && -e $deps/duckdb/include/duckdb.h && -e $deps/lance/lance.duckdb_extension ]] &&
    [[ -e $deps/barkeep/include/barkeep/barkeep.h ]] &&
    [[ -x $deps/venv/bin/python ]]
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

install_packages
is_current && exit 0

mkdir -p "$deps"
exec 9>"$deps/lock" # one set-up at a time
flock 9
is_current && exit 0

# A new pin must not find the old files in place.
pins="$platform $duckdb_npm_version $duckdb_crate_version $barkeep_version"
if [[ -e $deps/pins && $(<"$deps/pins") != "$pins" ]]; then rm -rf "$deps/duckdb" "$deps/barkeep"; fi
printf '%s\n' "$pins" >"$deps/pins"
fetch_duckdb_library
fetch_duckdb_header
make_venv
fetch_barkeep
link_from_venv
verify
wanted_stamp >"$deps/stamp"
say "done"
