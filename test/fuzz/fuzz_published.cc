#include <nlohmann/json.hpp>
#include <optional>

#include "daedalus/status.h"
#include "fuzz_target.h"
#include "run/staleness.h"
#include "scratch_directory.h"

namespace daedalus::fuzz {
namespace {

constexpr Day kDay{std::chrono::year{2026} / 5 / 15};
constexpr const char* kDirectoryName = "dt=2026-05-15/";

const Recipe kRecipe{{{"runtime.chunk", "5"}}, {{"user_id", "VARCHAR"}}, {}, "print"};
const std::vector<InputFile> kInputs{{"feed/a.parquet", 7, 8}};

// The one part of the day is "part-0-0.parquet", of three bytes.
void check_up_to_date(const nlohmann::json& manifest) {
  require(manifest.at("configuration_fingerprint") == "print", "another fingerprint passes");
  require(manifest.at("inputs").size() >= 1, "other inputs pass");
  for (const auto& input : manifest.at("inputs"))
    require(input.at("path") == "feed/a.parquet" && input.at("bytes") == 7, "other inputs pass");
  require(manifest.at("parts").size() >= 1, "other parts pass");
  for (const auto& part : manifest.at("parts"))
    require(part.at("name") == "part-0-0.parquet", "other parts pass");
}

void check_manifest(const ScratchDirectory& root, std::string_view bytes) {
  root.write(std::string(kDirectoryName) + "_manifest.json", bytes);
  const PublishedDay day = look_at_published(root.path(), kDay, kRecipe, {kInputs, {}});
  require(day.report.day == "2026-05-15", "another day");
  require(day.report.rows_out >= 0 && day.report.bytes >= 0, "less than no rows");
  for (const StepAccount& step : day.report.row_accounting)
    require(step.rows_dropped() >= 0, "less than no rows dropped");
  if (day.reasons.empty()) {
    check_up_to_date(nlohmann::json::parse(bytes));
  } else {
    require(!to_string(day.reasons).empty(), "stale without a reason");
  }
}

void check_last_run(const ScratchDirectory& root, std::string_view bytes) {
  root.write("_last_run.json", bytes);
  try {
    const std::optional<LastRun> run = read_last_run(root.path());
    require(run.has_value(), "a file that is there counts as absent");
    const std::optional<SkeletonOptions> options = retry_options(*run);
    const bool some_failed = std::ranges::any_of(
        run->days, [](const DayReport& day) { return day.status == DayStatus::kFailed; });
    require(options.has_value() == some_failed, "a failed day is forgotten");
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::kInput, error.what());
    require(std::string_view(error.what()).find("_last_run.json") != std::string_view::npos,
            "the file is not named");
  }
}

}  // namespace

void published(std::string_view bytes) {
  static const ScratchDirectory kRoot("published");
  static const bool kHasPart = [] {
    kRoot.write(std::string(kDirectoryName) + "part-0-0.parquet", "abc");
    return true;
  }();
  require(kHasPart, "the day has no part");
  check_manifest(kRoot, bytes);
  check_last_run(kRoot, bytes);
}

}  // namespace daedalus::fuzz
