// Replays what stands in seeds/: inputs to begin with, and those that once found a bug.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "fuzz_target.h"

namespace daedalus::fuzz {
namespace {

namespace fs = std::filesystem;

class FuzzSeeds : public testing::TestWithParam<Target> {};

TEST_P(FuzzSeeds, Hold) {
  const fs::path directory =
      fs::path(DAEDALUS_SOURCE_DIR) / "test/fuzz/seeds" / std::string(GetParam().name);
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(directory)) paths.push_back(entry.path());
  std::ranges::sort(paths);
  EXPECT_FALSE(paths.empty());
  for (const fs::path& path : paths) {
    std::ifstream stream(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    EXPECT_NO_THROW(GetParam().run(bytes)) << path;
  }
}

TEST_P(FuzzSeeds, HoldOfNothing) { EXPECT_NO_THROW(GetParam().run({})); }

INSTANTIATE_TEST_SUITE_P(Targets, FuzzSeeds, testing::ValuesIn(kTargets),
                         [](const auto& target) { return std::string(target.param.name); });

}  // namespace
}  // namespace daedalus::fuzz
