#!/usr/bin/env bash
# The benchmark: one target day of a synthetic world through the skeleton stage, in one run with two peers on the same
# data. Prints a Markdown table. `make bench` gives DAEDA; BENCH_EVENTS is the number of events a day.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
events=${BENCH_EVENTS:-100000}
world=out/bench-$events

if [[ ! -d $world/data ]]; then
  "$DAEDA" synth "$world" --users $((events / 10)) --artworks $((events / 5)) --events-per-day "$events" --force
fi
exec .deps/venv/bin/python bench/skeleton_day.py "$world"
