# Verbs; each sets up what it needs first. `make` alone says what there is.
.DEFAULT_GOAL := help
.PHONY: setup build python demo test test-all sanitize sanitize-all fuzz bench bench-full lint check format help install clean
.SUFFIXES:

SHELL := bash
.SHELLFLAGS := -euo pipefail -c

PRESET ?= release
PREFIX ?= /usr/local
JOBS ?= $(shell nproc)
build_dir := build/$(PRESET)
python := .deps/venv/bin/python
# So that the wheel's build finds what this one compiled, though its directory is another.
export CCACHE_NOHASHDIR := true
export CCACHE_BASEDIR := $(CURDIR)
# Every file that clang-format lays out, each followed by a NUL.
list_formatted = for d in src include test bench python; do \
  [[ ! -d $$d ]] || find $$d \( -name '*.cc' -o -name '*.h' \) -print0; done

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r verb text; do \
	  printf '  %-10s %s\n' "$$verb" "$$text"; done
	@echo 'Variables: PRESET=release|dev|asan|tsan  PREFIX=/usr/local  JOBS=n'

setup: ## install the packages and fetch what goes into .deps
	@tools/setup.sh

build: setup ## build build/<preset>/daeda and the tests
	@[[ -e $(build_dir)/build.ninja ]] || cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET) --parallel $(JOBS)

python: build ## the Python package: a wheel in build/wheel, installed into .deps/venv
	@tools/python_package.sh

demo: build ## a small world from nothing to training data
	@DAEDA="$(CURDIR)/$(build_dir)/daeda" tools/demo.sh

# pytest is in CTest as well, but there its own closing line would be hidden.
test: build python ## all tests
	@ctest --preset $(PRESET) --label-exclude python
	@if [[ -n $$(find test -name 'test_*.py' -print -quit) ]]; then \
	  DAEDA="$(CURDIR)/$(build_dir)/daeda" $(python) -m pytest -q test; fi

test-all: export DAEDALUS_WORLDS := 500
test-all: export DAEDALUS_TABLES := 5000
test-all: export DAEDALUS_ALL_FAULTS := 1
test-all: export DAEDALUS_KILLS := 1000
test-all: export DAEDALUS_ROUNDS := 40
test-all: export DAEDALUS_SEQUENCES := 200
test-all: test ## all tests, the generated worlds and the faults at full length

sanitize: setup ## a part of the tests under the address and undefined behaviour sanitizers, and the thread sanitizer
	@JOBS=$(JOBS) tools/sanitize.sh

sanitize-all: setup ## the tests under the sanitizers
	@JOBS=$(JOBS) tools/sanitize.sh --all

fuzz: setup ## each fuzzer for FUZZ_SECONDS (60), under the address and undefined behaviour sanitizers
	@[[ -e build/asan/build.ninja ]] || cmake --preset asan >/dev/null
	@cmake --build --preset asan --parallel $(JOBS) --target fuzzers
	@JOBS=$(JOBS) tools/fuzz.sh

bench: build ## the benchmarks that take minutes, into docs/benchmarks.md
	@DAEDA="$(CURDIR)/$(build_dir)/daeda" bench/run.sh --report docs

bench-full: build ## all benchmarks, in an hour or two
	@DAEDA="$(CURDIR)/$(build_dir)/daeda" bench/run.sh --full --report docs

check: setup ## the cheap part of lint: layout and the rules of tools/check_*
	@{ $(list_formatted); } | xargs -0r clang-format-16 --dry-run -Werror
	@for check in tools/check_*.py; do "$$check"; done

lint: check ## check, and clang-tidy on every file
	@[[ -e build/tidy/build.ninja ]] || cmake --preset tidy >/dev/null
	@cmake --build --preset tidy --parallel $(JOBS) -- -k 0

format: setup ## lay out every C++ file, and empty the notebooks of outputs
	@{ $(list_formatted); } | xargs -0r clang-format-16 -i
	@.deps/venv/bin/nbstripout examples/*.ipynb

install: build ## into PREFIX
	@cmake --install $(build_dir) --prefix "$(PREFIX)"

clean: ## remove build/; .deps stays
	@rm -rf build
