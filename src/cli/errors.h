// Errors as the command line prints them, and the exit code of each.
#pragma once

#include <ostream>
#include <string>

#include "daedalus/error.h"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace daedalus::cli {

/// `text` with its lines after the first moved right together, so that a caret stays below what it
/// points at.
std::string indent_rest(const std::string& text);

/// Prints each problem as "error: file:line: what" with "fix: …" below it, and returns the exit
/// code.
int print_error(const Error& error, std::ostream& err);

/// The same for the exception that is being handled, of whatever type. Call it in a catch block.
int print_current_exception(std::ostream& err);

/// A failed parse as an Error: names an unknown command or option and the nearest known one.
Error usage_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace daedalus::cli
