// Which process made a file: enough to tell, later and on the same host, whether it is gone.
#pragma once

#include <optional>
#include <string>

namespace daedalus {

/// A process, as a line of text keeps it.
struct ProcessIdentity {
  std::string host;           ///< Name of the host, or of the container.
  std::string boot;           ///< Changes when the host starts again.
  std::string pid_namespace;  ///< Where `pid` has a meaning.
  int pid = 0;
  std::string started;  ///< Tells apart processes that had the same number one after the other.

  static ProcessIdentity of_this_process();
  /// What to_text() gave, whatever comes after it; absent for any other text.
  static std::optional<ProcessIdentity> parse(const std::string& text);
  /// One line, without its end.
  [[nodiscard]] std::string to_text() const;

  [[nodiscard]] bool is_of_this_host() const;
  /// Absent where it can't be known: for a process of another host or container.
  [[nodiscard]] std::optional<bool> is_running() const;
};

}  // namespace daedalus
