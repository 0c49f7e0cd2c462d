// The texts and exit codes of errors.
#include "daedalus/error.h"

#include <utility>

namespace daedalus {
namespace {

std::string join_lines(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += problem.to_string();
  }
  return text;
}

// A value of the data or the configuration may be a megabyte long; its start says which it is.
void clip(std::string& text) {
  constexpr std::size_t kMaxBytes = 4000;
  if (text.size() <= kMaxBytes) return;
  std::size_t end = kMaxBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // UTF-8
  const std::string rest = std::to_string(text.size() - end);
  text.resize(end);
  text += "… (" + rest + " more bytes)";
}

std::vector<Problem> clipped(std::vector<Problem> problems) {
  for (Problem& problem : problems) {
    clip(problem.what);
    clip(problem.fix);
  }
  return problems;
}

}  // namespace

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kConfig:
      return 2;
    case ErrorKind::kDataCheck:
      return 3;
    case ErrorKind::kInput:
      return 4;
    case ErrorKind::kEnvironment:
      return 5;
    case ErrorKind::kInterrupted:
      return 130;
    case ErrorKind::kBug:
      break;
  }
  return 70;
}

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kConfig:
      return "configuration";
    case ErrorKind::kDataCheck:
      return "data check";
    case ErrorKind::kInput:
      return "input";
    case ErrorKind::kEnvironment:
      return "machine";
    case ErrorKind::kInterrupted:
      return "interrupted";
    case ErrorKind::kBug:
      break;
  }
  return "defect";
}

std::string SourceLocation::to_string() const {
  return line > 0 ? file + ":" + std::to_string(line) : file;
}

std::string Problem::to_string() const {
  std::string text = where.file.empty() ? what : where.to_string() + ": " + what;
  if (!fix.empty()) text += "; " + fix;
  return text;
}

Error::Error(ErrorKind kind, std::string what, std::string fix)
    : Error(kind, std::vector<Problem>{{.what = std::move(what), .fix = std::move(fix)}}) {}

Error::Error(ErrorKind kind, std::vector<Problem> problems)
    : Error(kind, clipped(std::move(problems)), Clipped{}) {}

Error::Error(ErrorKind kind, std::vector<Problem> problems, Clipped)
    : std::runtime_error(join_lines(problems)), kind_(kind), problems_(std::move(problems)) {}

}  // namespace daedalus
