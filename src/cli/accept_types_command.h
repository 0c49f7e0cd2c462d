// `daeda catalog accept-types`: takes the types of text as the files have them now.
#pragma once

#include "cli/cli.h"

namespace daedalus::cli {

/// Adds the subcommand to `daeda catalog`.
void add_accept_types_command(CLI::App& catalog, Session& session);

}  // namespace daedalus::cli
