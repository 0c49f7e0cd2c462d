// Running the Python package as a process of its own.
#pragma once

#include <string>
#include <vector>

namespace daedalus {

/// How a process ended.
struct ProcessResult {
  int exit_code = 0;   ///< As the shell counts: 128 and the signal's number for a killed one.
  std::string errors;  ///< What it wrote to stderr.
};

/// The interpreter: the environment's DAEDALUS_PYTHON, or `python3` of the PATH.
std::string python_command();

/// Runs `code` by python_command() with `arguments` (its `sys.argv[1:]`), without a shell, its
/// stdin and stdout closed, and waits for its end. It imports nothing from the working directory,
/// where data lies. Throws Error: kConfig when there is no such interpreter, kInterrupted when a
/// signal stopped us, which stops it as well.
ProcessResult run_python(const std::string& code, const std::vector<std::string>& arguments = {});

}  // namespace daedalus
