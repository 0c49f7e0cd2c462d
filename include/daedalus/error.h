// The one exception type of Daedalus. Its kind says who must act, and gives the exit code.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace daedalus {

/// Who must act on an error. Each kind has one exit code; see exit_code().
enum class ErrorKind {
  kConfig,       ///< The caller: usage or configuration. Nothing was run. Exit code 2.
  kDataCheck,    ///< The owner of the data: a check on its content failed. Exit code 3.
  kInput,        ///< The owner of the data: missing, unreadable or of another shape. Exit code 4.
  kEnvironment,  ///< The owner of the machine: memory, disk, permissions. Exit code 5.
  kBug,          ///< Us. Exit code 70.
  kInterrupted,  ///< Nobody: the run was stopped by a signal. Exit code 130.
};

/// The process exit code of an error kind, from 2 to 130.
int exit_code(ErrorKind kind);

/// A short lower-case name: "configuration", "data check", "input", "machine", "defect",
/// "interrupted".
std::string_view to_string(ErrorKind kind);

/// A place in a configuration file. `line` is 1-based; 0 when the place is not a line of a file
/// (a command line flag, a default).
struct SourceLocation {
  std::string file;
  int line = 0;

  /// "file:line", or "file" alone without a line.
  [[nodiscard]] std::string to_string() const;
};

/// One thing that is wrong: what, where, and what would mend it.
struct Problem {
  SourceLocation where;  ///< Empty file when the problem has no place in a file.
  std::string what;      ///< Names the offending thing and says why it is wrong.
  std::string fix;       ///< What to write or do instead; may be empty.

  /// "file:line: what; fix".
  [[nodiscard]] std::string to_string() const;
};

/// The exception that every part of Daedalus throws. what() holds all problems, one a line.
class Error : public std::runtime_error {
 public:
  /// One problem. `fix` says what would mend it and may be empty.
  Error(ErrorKind kind, std::string what, std::string fix = {});
  /// Several problems of one kind, found together. `problems` is not empty. Of a text of more than
  /// 4,000 bytes the start is kept.
  Error(ErrorKind kind, std::vector<Problem> problems);

  [[nodiscard]] ErrorKind kind() const { return kind_; }
  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }

 private:
  struct Clipped {};
  Error(ErrorKind kind, std::vector<Problem> problems, Clipped);

  ErrorKind kind_;
  std::vector<Problem> problems_;
};

}  // namespace daedalus
