// What people type who know other tools, and what it is called here.
#pragma once

#include <string>

namespace daedalus::cli {

/// The command line that does what `verb` does elsewhere ("run", "materialize", "ls"); empty for
/// any other word.
std::string command_meant(const std::string& verb);

/// The same for the verb that is spelled most like `verb`.
std::string command_nearly_meant(const std::string& verb);

}  // namespace daedalus::cli
