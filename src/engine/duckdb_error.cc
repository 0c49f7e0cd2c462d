#include "engine/duckdb_error.h"

#include <atomic>
#include <string_view>

#include "base/advice.h"
#include "engine/duckdb_text.h"

namespace daedalus {
namespace {

std::atomic<bool>& interrupted() {
  static std::atomic<bool> flag{false};
  return flag;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_machine_trouble(std::string_view message) {
  for (const char* sign : {"No space left", "Could not write", "Too many open files",
                           "Failed to create directory", "Read-only file system", "for writing"}) {
    if (contains(message, sign)) return true;
  }
  return false;
}

// A DuckDB error says what happened, not who must act.
ErrorKind kind_of(duckdb_error_type type, std::string_view message) {
  if (is_interrupted() || type == DUCKDB_ERROR_INTERRUPT) return ErrorKind::kInterrupted;
  switch (type) {
    case DUCKDB_ERROR_OUT_OF_MEMORY:
    case DUCKDB_ERROR_PERMISSION:
      return ErrorKind::kEnvironment;
    case DUCKDB_ERROR_PARSER:
    case DUCKDB_ERROR_BINDER:
    case DUCKDB_ERROR_CATALOG:
    case DUCKDB_ERROR_INTERNAL:
    case DUCKDB_ERROR_FATAL:
    case DUCKDB_ERROR_SYNTAX:
      return ErrorKind::kBug;
    case DUCKDB_ERROR_IO:
      return is_machine_trouble(message) ? ErrorKind::kEnvironment : ErrorKind::kInput;
    default:
      return contains(message, "Out of Memory") || contains(message, "bad_alloc")
                 ? ErrorKind::kEnvironment
                 : ErrorKind::kInput;
  }
}

std::string fix_for(ErrorKind kind, std::string_view message) {
  if (kind != ErrorKind::kEnvironment) return {};
  if (contains(message, "No space left"))
    return "free disk space, or point output_root or compute.duckdb_config.temp_directory "
           "elsewhere";
  if (contains(message, "Too many open files")) return kRaiseFileLimit;
  if (contains(message, "Memory") || contains(message, "memory")) {
    return "raise compute.duckdb_config.memory_limit, lower threads or day_workers, or give "
           "temp_directory more room";
  }
  return {};
}

}  // namespace

bool is_interrupted() { return interrupted(); }

void set_interrupted(bool yes) { interrupted() = yes; }

void throw_if_interrupted() {
  if (is_interrupted()) throw Error(ErrorKind::kInterrupted, "interrupted");
}

Error duckdb_failure(duckdb_result& result, const std::string& sql) {
  const char* text = duckdb_result_error(&result);
  const std::string message = text != nullptr ? text : "unknown error";
  const ErrorKind kind = kind_of(duckdb_result_error_type(&result), message);
  const std::string cleaned = clean_duckdb_text(message);
  return {kind, kind == ErrorKind::kBug ? cleaned + "\nin: " + sql : cleaned,
          fix_for(kind, message)};
}

}  // namespace daedalus
