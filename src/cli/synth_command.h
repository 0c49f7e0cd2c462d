// `daeda synth DIR`: a synthetic world in the layout of the shipped configuration.
#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace daedalus {

/// Adds the subcommand to `app`. When it is chosen, its callback runs it, prints a summary and the
/// next command to type, and sets `exit_code` to 0; an Error passes through to the caller.
void add_synth_command(CLI::App& app, int& exit_code);

}  // namespace daedalus
