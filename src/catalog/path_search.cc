#include "catalog/path_search.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>

#include "base/advice.h"
#include "daedalus/error.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;

// A Lance dataset is a directory that has its versions in one of this name.
constexpr std::string_view kLanceVersions = "_versions";

struct Entry {
  std::string name;
  unsigned char type;  // of readdir()
};

bool leads_to_directory(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool is_directory(const std::string& directory, const Entry& entry) {
  if (entry.type == DT_DIR || entry.type == DT_REG) return entry.type == DT_DIR;
  return leads_to_directory(directory + entry.name);
}

bool is_link(const std::string& directory, const Entry& entry) {
  if (entry.type != DT_UNKNOWN) return entry.type == DT_LNK;
  std::error_code ignored;
  return fs::is_symlink(directory + entry.name, ignored);
}

// What stands in a directory, whose name ends in '/' or is empty; nothing where there is none.
std::vector<Entry> entries_of(const std::string& directory) {
  const std::string& path = directory.empty() ? std::string(".") : directory;
  const auto close = [](DIR* open) { ::closedir(open); };
  const std::unique_ptr<DIR, decltype(close)> open(::opendir(path.c_str()), close);
  if (open == nullptr) {
    const int number = errno;
    if (number == ENOENT || number == ENOTDIR || number == ELOOP || number == ENAMETOOLONG)
      return {};
    const std::string what = fmt::format("{} can't be listed: {}", path, std::strerror(number));
    if (number == EACCES || number == EPERM)
      throw Error(ErrorKind::kInput, what, "make it readable, or write a path that leaves it out");
    throw Error(ErrorKind::kEnvironment, what,
                number == EMFILE || number == ENFILE ? kRaiseFileLimit : "");
  }
  std::vector<Entry> entries;
  while (const dirent* entry = ::readdir(open.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") entries.push_back({std::string(name), entry->d_type});
  }
  return entries;
}

// A walk along the pieces of a path.
class Walk {
 public:
  Walk(std::span<const NamePattern> pieces, bool with_directories)
      : pieces_(pieces), with_directories_(with_directories) {}

  // Looks for what the pieces from `piece` on match in `directory`, whose name ends in '/' or is
  // empty.
  void search(const std::string& directory, std::size_t piece, const PartitionFields& fields) {
    const NamePattern& wanted = pieces_[piece];
    const bool is_last = piece + 1 == pieces_.size();
    if (wanted.is_any_depth()) {
      search_any_depth(directory, piece, fields);
    } else if (!wanted.is_spelled_out()) {
      for (const Entry& entry : entries_of(directory)) {
        PartitionFields own = fields;
        if (!wanted.match(entry.name, own)) continue;
        if (!is_last) {
          if (is_directory(directory, entry)) search(directory + entry.name + "/", piece + 1, own);
        } else if (with_directories_ || !is_directory(directory, entry)) {
          found_.push_back({directory + entry.name, own});
        }
      }
    } else if (!is_last) {
      search(directory + wanted.text() + "/", piece + 1, fields);
    } else if (is_there(directory + wanted.text())) {
      found_.push_back({directory + wanted.text(), fields});
    }
  }

  // What was found, each once, in the order of the paths.
  std::vector<FoundPath> found() {
    std::ranges::sort(found_);
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    return std::move(found_);
  }

 private:
  // Links to directories aren't followed here: they could lead round in a circle.
  void search_any_depth(const std::string& directory, std::size_t piece,
                        const PartitionFields& fields) {
    const bool is_last = piece + 1 == pieces_.size();
    if (!is_last) search(directory, piece + 1, fields);
    for (const Entry& entry : entries_of(directory)) {
      if (is_hidden(entry.name)) continue;
      if (!is_directory(directory, entry)) {
        if (is_last) found_.push_back({directory + entry.name, fields});
      } else if (!is_link(directory, entry)) {
        search_any_depth(directory + entry.name + "/", piece, fields);
      }
    }
  }

  [[nodiscard]] bool is_there(const std::string& path) const {
    struct stat status {};
    return lstat(path.c_str(), &status) == 0 && (with_directories_ || !leads_to_directory(path));
  }

  std::span<const NamePattern> pieces_;
  bool with_directories_;
  std::vector<FoundPath> found_;
};

}  // namespace

PathPattern::PathPattern(const std::string& path, Of what)
    : is_absolute_(path.starts_with('/')), what_(what) {
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) pieces_.emplace_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  if (what == Of::kLance) {
    pieces_.emplace_back(kLanceVersions);
    pieces_.emplace_back("*");
  } else if (!pieces_.empty() && std::ranges::none_of(pieces_, &NamePattern::is_any_depth)) {
    with_directories_ = fs::path(pieces_.back().text()).has_extension();
  }
}

std::string PathPattern::fixed_directory() const {
  std::string directory = is_absolute_ ? "/" : "";
  for (std::size_t i = 0; i + 1 < pieces_.size() && pieces_[i].is_spelled_out(); ++i)
    directory += pieces_[i].text() + "/";
  return directory;
}

std::vector<FoundPath> PathPattern::find() const {
  Walk walk(pieces_, with_directories_);
  if (!pieces_.empty()) walk.search(is_absolute_ ? "/" : "", 0, {});
  std::vector<FoundPath> found = walk.found();
  if (what_ == Of::kLance) {
    const std::string versions = fmt::format("/{}/", kLanceVersions);
    for (FoundPath& dataset : found) dataset.path.resize(dataset.path.rfind(versions));
    found.erase(std::unique(found.begin(), found.end()), found.end());
    std::ranges::sort(found);
  }
  return found;
}

}  // namespace daedalus
