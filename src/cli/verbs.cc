#include "cli/verbs.h"

#include <map>
#include <vector>

#include "config/problems.h"

namespace daedalus::cli {
namespace {

constexpr const char* kTrain = "daeda pipeline train dssm_ranking --skeleton-only";
constexpr const char* kRange =
    "daeda pipeline train dssm_ranking --skeleton-only --from YYYY-MM-DD --to YYYY-MM-DD";
constexpr const char* kCheck = "daeda check";
constexpr const char* kStatus = "daeda status";
constexpr const char* kRetry = "daeda retry";
constexpr const char* kClean = "daeda clean";
constexpr const char* kList = "daeda catalog list";
constexpr const char* kSample = "daeda catalog sample NAME";
constexpr const char* kConfig = "daeda config show";
constexpr const char* kSynth = "daeda synth world";
constexpr const char* kHelp = "daeda --help";
constexpr const char* kVersion = "daeda --version";

const std::map<std::string, const char*>& verbs() {
  static const std::map<std::string, const char*> kVerbs{
      {"train", kTrain},
      {"run", kTrain},
      {"build", kTrain},
      {"compute", kTrain},
      {"execute", kTrain},
      {"generate", kTrain},
      {"materialize", kTrain},
      {"materialize-incremental", kTrain},
      {"skeleton", kTrain},
      {"start", kTrain},
      {"dssm_ranking", kTrain},
      {"backfill", kRange},
      {"validate", kCheck},
      {"compile", kCheck},
      {"parse", kCheck},
      {"debug", kCheck},
      {"lint", kCheck},
      {"test", kCheck},
      {"doctor", kCheck},
      {"apply", kCheck},
      {"plan", kStatus},
      {"history", kStatus},
      {"state", kStatus},
      {"progress", kStatus},
      {"rerun", kRetry},
      {"resume", kRetry},
      {"repair", kRetry},
      {"cleanup", kClean},
      {"gc", kClean},
      {"prune", kClean},
      {"ls", kList},
      {"list", kList},
      {"describe", kList},
      {"inspect", kList},
      {"sources", kList},
      {"registry", kList},
      {"show", kSample},
      {"sample", kSample},
      {"preview", kSample},
      {"settings", kConfig},
      {"init", kSynth},
      {"seed", kSynth},
      {"demo", kSynth},
      {"new", kSynth},
      {"help", kHelp},
      {"version", kVersion},
  };
  return kVerbs;
}

}  // namespace

std::string command_meant(const std::string& verb) {
  const auto found = verbs().find(config::lower(verb));
  return found != verbs().end() ? found->second : "";
}

std::string command_nearly_meant(const std::string& verb) {
  std::vector<std::string> known;
  for (const auto& [name, command] : verbs()) known.push_back(name);
  return command_meant(config::nearest(verb, known));
}

}  // namespace daedalus::cli
