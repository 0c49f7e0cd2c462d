#include "cli/cli.h"

#include <gtest/gtest.h>

#include <sstream>

namespace daedalus::cli {
namespace {

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

Outcome daeda(const std::vector<std::string>& args) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_cli(args, out, err);
  return {code, out.str(), err.str()};
}

Outcome train(const std::vector<std::string>& more) {
  std::vector<std::string> args = {"pipeline", "train", "dssm_ranking", "--skeleton-only"};
  args.insert(args.end(), more.begin(), more.end());
  return daeda(args);
}

// Exit code 2, nothing on stdout, and on stderr an error that begins with `error`.
void expect_usage_error(const Outcome& outcome, const std::string& error) {
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_TRUE(outcome.err.starts_with("error: " + error)) << outcome.err;
  EXPECT_NE(outcome.err.find("\n  fix: "), std::string::npos) << outcome.err;
}

TEST(Cli, NamesTheCommandsThatAreThere) {
  expect_usage_error(
      daeda({}),
      "`daeda` needs a command: pipeline, status, retry, clean, check, catalog, config, synth\n");
  expect_usage_error(daeda({"catalog"}),
                     "`daeda catalog` needs a command: list, show, days, sample, coverage, "
                     "aggregate, accept-types\n");
}

TEST(Cli, SaysWhatWasMeant) {
  expect_usage_error(daeda({"pipline"}),
                     "unknown command 'pipline' of `daeda`\n  fix: did you mean 'pipeline'?\n");
  expect_usage_error(train({"--target-dat", "2026-05-15"}),
                     "unknown option '--target-dat' of `daeda pipeline train`\n"
                     "  fix: did you mean '--target-date'?\n");
  expect_usage_error(daeda({"pipeline", "train", "dsm_ranking", "--skeleton-only"}),
                     "unknown pipeline 'dsm_ranking'\n  fix: did you mean 'dssm_ranking'?\n");
  expect_usage_error(train({"more"}), "unknown argument 'more' of `daeda pipeline train`\n");
}

TEST(Cli, KnowsTheVerbsOfOtherTools) {
  const std::string train = "`daeda pipeline train dssm_ranking --skeleton-only`";
  for (const std::string verb : {"train", "run", "Build", "materialize", "trian"}) {
    expect_usage_error(
        daeda({verb, "dssm_ranking"}),
        "unknown command '" + verb + "' of `daeda`\n  fix: did you mean " + train + "?\n");
  }
  expect_usage_error(daeda({"pipeline", "run"}),
                     "unknown command 'run' of `daeda pipeline`\n  fix: did you mean " + train);
  expect_usage_error(daeda({"backfill"}),
                     "unknown command 'backfill' of `daeda`\n  fix: did you mean `daeda pipeline "
                     "train dssm_ranking --skeleton-only --from YYYY-MM-DD --to YYYY-MM-DD`?\n");
  expect_usage_error(daeda({"plan"}),
                     "unknown command 'plan' of `daeda`\n  fix: did you mean `daeda status`?\n");
  expect_usage_error(daeda({"catalog", "ls"}),
                     "unknown command 'ls' of `daeda catalog`\n  fix: did you mean `daeda catalog "
                     "list`?\n");
  expect_usage_error(daeda({"xyzzy"}),
                     "unknown command 'xyzzy' of `daeda`\n  fix: `daeda --help` says");
}

TEST(Cli, SaysWhereAnOptionBelongs) {
  expect_usage_error(daeda({"--config-dir", "x", "check"}),
                     "the option '--config-dir' stands before its command\n"
                     "  fix: write it behind: `daeda check --config-dir`\n");
  expect_usage_error(daeda({"--target-date=2026-05-15"}),
                     "the option '--target-date' stands before its command\n"
                     "  fix: write it behind: `daeda COMMAND --target-date`\n");
  expect_usage_error(daeda({"--nonsense"}), "unknown option '--nonsense' of `daeda`\n");
}

TEST(Cli, AWholePipelineIsNotThereYet) {
  expect_usage_error(daeda({"pipeline", "train", "dssm_ranking"}),
                     "of the stages compile, skeleton and enrich only the skeleton stage is there\n"
                     "  fix: type `daeda pipeline train dssm_ranking --skeleton-only`\n");
  expect_usage_error(daeda({"pipeline", "train"}), "PIPELINE is required\n");
}

TEST(Cli, JudgesDates) {
  for (const std::string text : {"2026-02-30", "15.05.2026", "2026-5-15", ""}) {
    expect_usage_error(train({"--target-date", text}),
                       "--target-date: '" + text + "' is not a date\n");
  }
  expect_usage_error(train({"--to", "x"}), "--to: 'x' is not a date\n");
  expect_usage_error(train({"--target-date", "2026-05-15", "--to", "2026-05-16"}),
                     "--target-date goes with neither --from nor --to\n");
  expect_usage_error(train({"--from", "2026-05-16", "--to", "2026-05-15"}),
                     "--from 2026-05-16 is after --to 2026-05-15\n");
}

TEST(Cli, ARunKeepsGoingOrFailsFast) {
  expect_usage_error(train({"--keep-going", "--fail-fast"}), "--fail-fast excludes --keep-going\n");
  expect_usage_error(daeda({"retry", "--fail-fas"}),
                     "unknown option '--fail-fas' of `daeda retry`\n"
                     "  fix: did you mean '--fail-fast'?\n");
}

TEST(Cli, JudgesValues) {
  expect_usage_error(train({"--day-workers", "0"}), "--day-workers: ");
  expect_usage_error(train({"--day-workers", "two"}), "--day-workers: ");
  expect_usage_error(train({"--sql-dir", "no-such-directory"}), "--sql-dir: ");
  expect_usage_error(train({"--from"}), "--from: ");
  // One value a --set: the next word is not another.
  expect_usage_error(train({"--set", "a=1", "b=2"}), "unknown argument 'b=2'");
}

TEST(Cli, HelpIsThereForEveryCommandWithExamples) {
  for (const std::vector<std::string>& command : {std::vector<std::string>{},
                                                  {"pipeline"},
                                                  {"pipeline", "train"},
                                                  {"status"},
                                                  {"retry"},
                                                  {"clean"},
                                                  {"check"},
                                                  {"catalog"},
                                                  {"catalog", "list"},
                                                  {"catalog", "show"},
                                                  {"catalog", "days"},
                                                  {"config"},
                                                  {"config", "show"},
                                                  {"synth"}}) {
    std::vector<std::string> args = command;
    args.emplace_back("--help");
    const Outcome outcome = daeda(args);
    EXPECT_EQ(outcome.code, 0);
    EXPECT_EQ(outcome.err, "");
    EXPECT_NE(outcome.out.find("\nExamples:\n  daeda "), std::string::npos) << outcome.out;
  }
}

TEST(Cli, VersionNamesItsParts) {
  const Outcome outcome = daeda({"--version"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_TRUE(outcome.out.starts_with("daeda ")) << outcome.out;
  EXPECT_NE(outcome.out.find("(DuckDB v"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find(", Arrow "), std::string::npos) << outcome.out;
}

TEST(Cli, AnOutputThatCannotBeWrittenIsAnError) {
  std::ostringstream out;
  std::ostringstream err;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(run_cli({"--version"}, out, err), 5);
  EXPECT_EQ(err.str(), "error: can't write to the standard output\n");
}

}  // namespace
}  // namespace daedalus::cli
