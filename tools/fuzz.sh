#!/usr/bin/env bash
# Runs each fuzzer of build/asan for FUZZ_SECONDS, JOBS of them at a time: `make fuzz`.
# What they learn is kept in build/fuzz/NAME/corpus and is where the next run begins; an input that fails stands beside it.
#
#   tools/fuzz.sh [NAME…]     only these
#   FUZZ_SEED=N               the same inputs again, as far as the time goes (without it, others each time)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export seconds=${FUZZ_SECONDS:-60} seed=${FUZZ_SEED:-0}
jobs=${JOBS:-$(nproc)}
names=("$@")
((${#names[@]})) || mapfile -t names < <(cd test/fuzz/seeds && printf '%s\n' *)

fuzz() {
  local name=$1 directory=build/fuzz/$1 dictionary=()
  mkdir -p "$directory/corpus"
  case $name in
    yaml | config) dictionary=(-dict=test/fuzz/yaml.dict) ;;
    published) dictionary=(-dict=test/fuzz/json.dict) ;;
  esac
  if "build/asan/fuzz_$name" "${dictionary[@]}" -seed="$seed" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="$directory/" "$directory/corpus" "test/fuzz/seeds/$name" >"$directory/log" 2>&1; then
    awk -v name="$name" '/number_of_executed_units/ {runs = $2} /cov: / {for (i = 1; i < NF; i++) if ($i == "cov:") covered = $(i + 1)}
      END {printf "fuzz: %-10s %9d inputs, %d edges covered, nothing found\n", name, runs, covered}' "$directory/log"
  else
    tail -n 40 "$directory/log"
    printf 'fuzz: %s failed; repeat it with build/asan/fuzz_%s and the input below %s, which stays as a file of test/fuzz/seeds/%s\n' \
      "$name" "$name" "$directory/" "$name"
    return 1
  fi
}
export -f fuzz

mkdir -p build/fuzz/config/corpus
.deps/venv/bin/python test/fuzz/write_config_seeds.py build/fuzz/config/corpus
printf '%s\0' "${names[@]}" | xargs -0 -n 1 -P "$jobs" bash -c 'fuzz "$1"' fuzz
