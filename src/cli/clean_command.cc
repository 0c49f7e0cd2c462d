// `daeda clean`: removes what killed runs left in output_root.
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/cli.h"
#include "cli/config_flags.h"
#include "daedalus/clean.h"

namespace daedalus::cli {
namespace {

constexpr const char* kFooter =
    R"(Leftovers are work directories of processes that are gone, and unfinished copies of
the qid map. Published days, and what runs are working on now, stay. A run clears work
directories by itself; this is for disks that are full before the next one.

Examples:
  daeda clean --dry-run
      what would be removed?
  daeda clean
      remove it
  daeda clean --set runtime.output_root=out
      in another place)";

struct CleanFlags {
  ConfigFlags config;
  bool dry_run = false;
};

void clean(const CleanFlags& flags, Session& session) {
  const std::filesystem::path output_root = flags.config.load().runtime.output_root;
  const Leftovers leftovers = remove_leftovers(output_root, flags.dry_run);
  for (const auto& path : leftovers.removed) {
    fmt::print(session.out, "{} {}\n", flags.dry_run ? "would remove" : "removed", path.string());
  }
  std::vector<Problem> refusals;
  for (const KeptLeftover& kept : leftovers.kept) {
    if (kept.refused) {
      refusals.push_back(
          {.what = fmt::format("can't remove {}: {}", kept.path.string(), kept.why)});
    } else {
      fmt::print(session.out, "kept {}: {}; remove it by hand if not\n", kept.path.string(),
                 kept.why);
    }
  }
  if (leftovers.removed.empty() && leftovers.kept.empty()) {
    fmt::print(session.out, "nothing to remove in {}\n", output_root.string());
  }
  if (!refusals.empty()) throw Error(ErrorKind::kEnvironment, refusals);
}

}  // namespace

void add_clean_command(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("clean", "Remove what killed runs left in output_root");
  const auto flags = std::make_shared<CleanFlags>();
  add_config_flags(*command, flags->config);
  command->add_flag("--dry-run", flags->dry_run, "Say what would be removed, and remove nothing");
  command->footer(kFooter);
  command->callback([flags, &session] { clean(*flags, session); });
}

}  // namespace daedalus::cli
