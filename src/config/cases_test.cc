// Runs the tables of test/config/: configurations with the problems, or the values, expected.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "base/embedded.h"
#include "config/yaml.h"
#include "daedalus/config.h"

namespace daedalus {
namespace {

namespace fs = std::filesystem;
using config::Node;

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// A case's texts by their path below the directory; no text where the file is to be missing.
using Files = std::map<std::string, std::optional<std::string>>;

Files shipped_but_empty() {
  Files files;
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string path(file.path);
    if (path.starts_with("config/")) files[path.substr(std::string("config/").size())] = "";
  }
  return files;
}

void put(Files& files, const Node* node) {
  if (node == nullptr) return;
  for (const auto& [path, where, value] : node->entries) {
    files[path] = value.is_null() ? std::nullopt : std::optional<std::string>(value.text);
  }
}

struct Case {
  std::string name;
  Files files;
  std::vector<std::string> overrides;
  Node node;
};

std::vector<Case> read_cases(const std::string& folder) {
  std::vector<Case> cases;
  for (const auto& entry : fs::directory_iterator(fs::path(DAEDALUS_SOURCE_DIR) / folder)) {
    config::Problems problems;
    const std::string file = entry.path().filename().string();
    const auto tree = config::parse_yaml(read_file(entry.path()), {.file = file}, problems);
    if (!tree || !problems.empty()) throw Error(ErrorKind::kBug, problems.sorted());
    for (const Node& node : tree->find("cases")->items) {
      Case& one = cases.emplace_back();
      one.name = file + ": " + node.find("name")->text;
      one.files = shipped_but_empty();
      put(one.files, tree->find("given"));
      put(one.files, node.find("files"));
      if (const Node* set = node.find("set")) {
        for (const Node& item : set->items) one.overrides.push_back(item.text);
      }
      one.node = node;
    }
  }
  return cases;
}

class ConfigCases : public testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::path(testing::TempDir()) / ("daedalus_config_cases_" + std::to_string(::getpid()));
    ASSERT_EQ(::setenv("DAEDALUS_TEST_DIR", "/tmp/x y", 1), 0);
    ASSERT_EQ(::unsetenv("DAEDALUS_TEST_UNSET"), 0);
    if (const char* home = std::getenv("HOME")) home_ = home;
    ASSERT_EQ(::setenv("HOME", "/tmp/who", 1), 0);
  }
  void TearDown() override {
    fs::remove_all(dir_);
    ::setenv("HOME", home_.c_str(), 1);
  }

  Config load(const Case& one) {
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    for (const auto& [path, text] : one.files) {
      if (!text) continue;
      fs::create_directories((dir_ / path).parent_path());
      std::ofstream(dir_ / path, std::ios::binary) << *text;
    }
    return load_config(dir_, one.overrides);
  }

  // A place without the directory of the case.
  [[nodiscard]] std::string shorten(const SourceLocation& where) const {
    std::string text = where.to_string();
    const std::string start = dir_.string() + "/";
    return text.starts_with(start) ? text.substr(start.size()) : text;
  }

  fs::path dir_;
  std::string home_;
};

bool says_all(const Problem& problem, const Node& parts) {
  const std::string text = problem.to_string();
  return std::all_of(parts.items.begin(), parts.items.end(),
                     [&](const Node& part) { return text.find(part.text) != std::string::npos; });
}

TEST_F(ConfigCases, BadOnesAreToldInFull) {
  const std::vector<Case> cases = read_cases("test/config/bad");
  EXPECT_GE(cases.size(), 60U);
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    std::vector<Problem> problems;
    try {
      load(one);
      ADD_FAILURE() << "the configuration loads";
      continue;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kConfig);
      problems = error.problems();
    }
    for (const Node& wanted : one.node.find("problems")->items) {
      const auto found =
          std::find_if(problems.begin(), problems.end(), [&](const Problem& problem) {
            return shorten(problem.where) == wanted.find("at")->text &&
                   says_all(problem, *wanted.find("says"));
          });
      if (found == problems.end()) {
        ADD_FAILURE() << "not told: " << config::to_flow(wanted);
      } else {
        problems.erase(found);
      }
    }
    for (const Problem& problem : problems) ADD_FAILURE() << "told too: " << problem.to_string();
  }
}

TEST_F(ConfigCases, GoodOnesHaveTheirValues) {
  for (const Case& one : read_cases("test/config/good")) {
    SCOPED_TRACE(one.name);
    try {
      const Config config = load(one);
      std::map<std::string, const EffectiveValue*> values;
      for (const EffectiveValue& value : config.effective) values[value.key] = &value;
      for (const auto& [key, where, wanted] : one.node.find("effective")->entries) {
        const bool is_there = values.contains(key);
        EXPECT_EQ(is_there ? values[key]->value : "ABSENT", wanted.text) << key;
      }
      const Node* from = one.node.find("from");
      if (from == nullptr) continue;
      for (const auto& [key, where, wanted] : from->entries) {
        EXPECT_EQ(shorten(config.where(key)), wanted.text) << key;
        EXPECT_EQ(values.at(key)->is_default, wanted.text.starts_with("built-in")) << key;
      }
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
    }
  }
}

}  // namespace
}  // namespace daedalus
