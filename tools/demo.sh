#!/usr/bin/env bash
# The demo: makes a small world, runs three days of it through the skeleton stage, and shows what came out.
# Needs DAEDA (the program); `make demo` gives it. Everything it makes is below out/demo.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
world=out/demo

say() { printf '\n\033[1m$ %s\033[0m\n' "$*"; }
[[ -t 1 ]] || say() { printf '\n$ %s\n' "$*"; }

say daeda synth $world
rm -rf "$world/data"
"$DAEDA" synth "$world" --users 1000 --artworks 3000 --events-per-day 10000

cd "$world"
say daeda pipeline train dssm_ranking --skeleton-only --from 2026-05-13 --to 2026-05-15
"$DAEDA" pipeline train dssm_ranking --skeleton-only --config-dir "$root/config" --from 2026-05-13 --to 2026-05-15

say the first rows of 2026-05-15, some of their columns
"$root/.deps/venv/bin/python" "$root/tools/show_rows.py" data/training_output/dt=2026-05-15

printf '\nThe partitions are below %s/data/training_output; each has a _manifest.json.\n' "$world"
