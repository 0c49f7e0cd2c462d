// `daeda catalog aggregate`: one aggregation of one day.
#pragma once

#include "cli/cli.h"

namespace daedalus::cli {

/// Adds the subcommand to `daeda catalog`.
void add_aggregate_command(CLI::App& catalog, Session& session);

}  // namespace daedalus::cli
