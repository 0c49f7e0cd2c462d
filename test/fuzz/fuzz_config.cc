#include <map>
#include <vector>

#include "daedalus/config.h"
#include "fuzz_target.h"
#include "scratch_directory.h"

namespace daedalus::fuzz {
namespace {

// What may follow "%% " on a line: a file, or `set`, whose lines are overrides.
const std::vector<std::string> kFiles{"catalog/feed.yaml", "catalog/embedding_pool.yaml",
                                      "catalog/views/user_profile.yaml",
                                      "training/aggregations.yaml", "training/runtime.yaml"};

struct Input {
  std::map<std::string, std::string> files;
  std::vector<std::string> overrides;
};

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// Lines before the first "%% " are runtime.yaml's.
Input input_of(std::string_view bytes) {
  constexpr std::string_view kMark = "%% ";
  Input input;
  for (const std::string& file : kFiles) input.files[file];
  std::string section = kFiles.back();
  while (!bytes.empty()) {
    const std::string_view line = take_line(bytes);
    if (line.starts_with(kMark)) {
      section = line.substr(kMark.size());
    } else if (section == "set") {
      input.overrides.emplace_back(line);
    } else if (const auto file = input.files.find(section); file != input.files.end()) {
      file->second.append(line).push_back('\n');
    }
  }
  return input;
}

void check_problems(const std::vector<Problem>& problems) {
  require(!problems.empty(), "a configuration is refused without a word");
  for (const Problem& problem : problems)
    require(!problem.where.file.empty() && !problem.what.empty(), "a problem without a place");
}

}  // namespace

void config(std::string_view bytes) {
  static const ScratchDirectory kDirectory("config");
  const Input input = input_of(bytes);
  for (const auto& [path, text] : input.files) kDirectory.write(path, text);
  try {
    const Config config = load_config(kDirectory.path(), input.overrides);
    for (const EffectiveValue& value : config.effective)
      require(!config.where(value.key).file.empty(), "no place for " + value.key);
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::kConfig, error.what());
    check_problems(error.problems());
  }
}

}  // namespace daedalus::fuzz
