// A run as the command line makes it: progress on stderr, the report on stdout.
#pragma once

#include "cli/cli.h"
#include "daedalus/skeleton.h"

namespace daedalus::cli {

/// Adds the flags that say how days are run, whichever they are; `options` must outlive the parse.
void add_run_flags(CLI::App& command, SkeletonOptions& options);

/// Runs the skeleton stage, prints what became of its days and sets the session's exit code. An
/// Error passes through.
void run_and_report(const Config& config, SkeletonOptions options, Session& session);

}  // namespace daedalus::cli
