// `daeda catalog accept-types`: takes the types of text as the files have them now.
#include "cli/accept_types_command.h"

#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "cli/config_flags.h"
#include "cli/signals.h"
#include "daedalus/accept_types.h"

namespace daedalus::cli {
namespace {

constexpr const char* kFooter =
    R"(Columns of CSV and JSON have the type that holds every value of every file. A run keeps
these types in output_root/_types.json, and a later file with a value that its column can't
hold is an input error: it may be a slip. Where it is meant, this finds the types anew in all
rows and keeps them. Days that were made with another type are computed again by the next run.

Examples:
  daeda catalog accept-types
      all columns of all CSV and JSON sources
  daeda catalog accept-types feed current_like_count
      one of them)";

struct AcceptFlags {
  ConfigFlags config;
  std::optional<std::string> source;
  std::optional<std::string> column;
};

void accept(const AcceptFlags& flags, Session& session) {
  const auto accepted = accept_types(flags.config.load(), flags.source, flags.column);
  for (const AcceptedType& type : accepted) {
    fmt::print(session.out, "{}: {} is {}, was {}\n", type.source, type.column,
               type.after.empty() ? "without values" : type.after,
               type.before.empty() ? "not known" : type.before);
  }
  if (accepted.empty()) fmt::print(session.out, "all types are as they were\n");
}

}  // namespace

void add_accept_types_command(CLI::App& catalog, Session& session) {
  CLI::App* command = catalog.add_subcommand(
      "accept-types", "Take the types of CSV and JSON columns as all rows have them now");
  command->footer(kFooter);
  const auto flags = std::make_shared<AcceptFlags>();
  add_config_flags(*command, flags->config);
  command->add_option("SOURCE", flags->source, "feed, embedding_pool or a view; all of them");
  command->add_option("COLUMN", flags->column, "One of its columns; all of them");
  command->callback([flags, &session] {
    const SignalWatcher watcher;
    accept(*flags, session);
  });
}

}  // namespace daedalus::cli
