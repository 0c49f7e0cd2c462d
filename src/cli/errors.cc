#include "cli/errors.h"

#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "config/problems.h"

namespace daedalus::cli {
namespace {

std::vector<std::string> known_words(const CLI::App& app, bool options) {
  std::vector<std::string> words;
  if (options) {
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
    }
  } else {
    for (const CLI::App* command : app.get_subcommands({})) words.push_back(command->get_name());
  }
  return words;
}

}  // namespace

std::string indent_rest(const std::string& text) {
  std::string indented;
  bool at_line_start = false;
  for (const char c : text) {
    if (at_line_start && c != '\n') indented += "  ";
    indented += c;
    at_line_start = c == '\n';
  }
  return indented;
}

int print_error(const Error& error, std::ostream& err) {
  for (const Problem& problem : error.problems()) {
    const std::string place = problem.where.file.empty() ? "" : problem.where.to_string() + ": ";
    fmt::print(err, "error: {}{}\n", place, indent_rest(problem.what));
    if (!problem.fix.empty()) fmt::print(err, "  fix: {}\n", indent_rest(problem.fix));
  }
  if (error.kind() == ErrorKind::kBug) {
    fmt::print(err,
               "This is a defect of daeda. Please report it, with the lines above and `daeda "
               "--version`.\n");
  }
  return exit_code(error.kind());
}

int print_current_exception(std::ostream& err) {
  try {
    throw;
  } catch (const Error& error) {
    return print_error(error, err);
  } catch (const std::bad_alloc&) {
    return print_error(
        Error(ErrorKind::kEnvironment, "out of memory",
              "lower runtime.day_workers or runtime.compute.duckdb_config.memory_limit"),
        err);
  } catch (const std::system_error& error) {
    return print_error(Error(ErrorKind::kEnvironment, error.what()), err);
  } catch (const std::exception& error) {
    return print_error(Error(ErrorKind::kBug, error.what()), err);
  } catch (...) {
    return print_error(Error(ErrorKind::kBug, "an exception of unknown type"), err);
  }
}

Error usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* command = &app;
  std::string name = app.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    name += " " + command->get_name();
  }
  const std::string help = "`" + name + " --help` says what there is";
  const std::vector<std::string> commands = known_words(*command, false);
  const std::vector<std::string> unknown = command->remaining();
  if (!unknown.empty()) {
    const std::string& word = unknown.front();
    const bool is_option = word.starts_with('-');
    const std::string kind = is_option ? "option" : commands.empty() ? "argument" : "command";
    const std::string nearest = config::did_you_mean(word, known_words(*command, is_option));
    return {ErrorKind::kConfig, "unknown " + kind + " '" + word + "' of `" + name + "`",
            nearest.empty() ? help : nearest};
  }
  if (!commands.empty()) {
    return {ErrorKind::kConfig, "`" + name + "` needs a command: " + config::join(commands), help};
  }
  return {ErrorKind::kConfig, error.what(), help};
}

}  // namespace daedalus::cli
