// What the sanitizers are told, built into each program of the presets asan and tsan, so that they
// run the same by themselves, under pytest and under libFuzzer. ASAN_OPTIONS and TSAN_OPTIONS of
// the environment go over it.
//
// libduckdb, libarrow, libparquet and the Lance extension are prebuilt. What they do with memory by
// malloc, memcpy and their kin is checked like our own; what they read and write by themselves is
// not seen.

// An exit code that no run of daeda has.
#define DAEDALUS_EXIT_CODE "exitcode=99"

extern "C" {

// detect_container_overflow=0: a std::vector that is filled by prebuilt code and read by ours is
// annotated by one of the two only.
const char* __asan_default_options() {  // NOLINT(bugprone-reserved-identifier)
  return DAEDALUS_EXIT_CODE ":detect_container_overflow=0:detect_stack_use_after_return=1";
}

const char* __ubsan_default_options() {  // NOLINT(bugprone-reserved-identifier)
  return "print_stacktrace=1";
}

// detect_deadlocks=0: DuckDB holds more than 64 locks at once, for which TSan's deadlock detector
// has no room. So it is races that are looked for, not the order of locks.
// ignore_noninstrumented_modules=1: threads inside the prebuilt libraries hand over their data by
// atomics that TSan does not see, and would be reported for it. It hides races in which one side is
// a call from such a library, as of a callback that we give it.
const char* __tsan_default_options() {  // NOLINT(bugprone-reserved-identifier)
  return DAEDALUS_EXIT_CODE ":halt_on_error=1:detect_deadlocks=0:ignore_noninstrumented_modules=1";
}

// The threads of Lance's own runtime, which nobody joins.
const char* __tsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
  return "thread:lance.duckdb_extension\n";
}
}
