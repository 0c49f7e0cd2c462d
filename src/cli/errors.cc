#include "cli/errors.h"

#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <new>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "cli/verbs.h"
#include "config/problems.h"

namespace daedalus::cli {
namespace {

// Whether `option` is one of `app` or of a command below it.
bool knows_option(const CLI::App& app, const std::string& option) {
  if (app.get_option_no_throw(option) != nullptr) return true;
  const auto commands = app.get_subcommands({});
  return std::ranges::any_of(
      commands, [&](const CLI::App* command) { return knows_option(*command, option); });
}

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

// An option of `command`, or of one below it, that was typed before a command's name.
std::optional<std::string> option_before(const CLI::App& app, const CLI::App& command) {
  for (const CLI::App* above = &app; !above->get_subcommands({}).empty();
       above = above->get_subcommands().front()) {
    for (const std::string& word : above->remaining()) {
      const std::string option = word.substr(0, word.find('='));
      if (option.starts_with('-') && knows_option(command, option)) return option;
    }
    if (above->get_subcommands().empty()) break;
  }
  return std::nullopt;
}

// What somebody meant who typed `word` where one of `commands` is expected.
std::string meant_by(const std::string& word, const std::vector<std::string>& commands) {
  const auto ask = [](const std::string& line) {
    return line.empty() ? line : "did you mean `" + line + "`?";
  };
  if (const std::string meant = ask(command_meant(word)); !meant.empty()) return meant;
  const std::string nearest = config::did_you_mean(word, commands);
  return nearest.empty() ? ask(command_nearly_meant(word)) : nearest;
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
  if (const auto option = option_before(app, *command)) {
    return {ErrorKind::kConfig, "the option '" + *option + "' stands before its command",
            "write it behind: `" + name + (commands.empty() ? " " : " COMMAND ") + *option + "`"};
  }
  const std::vector<std::string> unknown = command->remaining();
  if (!unknown.empty()) {
    const std::string& word = unknown.front();
    const bool is_option = word.starts_with('-');
    const std::string kind = is_option ? "option" : commands.empty() ? "argument" : "command";
    const std::string meant = kind == "command"
                                  ? meant_by(word, commands)
                                  : config::did_you_mean(word, known_words(*command, is_option));
    return {ErrorKind::kConfig, "unknown " + kind + " '" + word + "' of `" + name + "`",
            meant.empty() ? help : meant};
  }
  if (!commands.empty()) {
    return {ErrorKind::kConfig, "`" + name + "` needs a command: " + config::join(commands), help};
  }
  return {ErrorKind::kConfig, error.what(), help};
}

}  // namespace daedalus::cli
