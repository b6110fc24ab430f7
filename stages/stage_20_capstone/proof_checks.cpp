// What has been proved: the roadmap, the reports, and the programs that write them.

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"
#include "core/scratch_folder.hpp"
#include "proof_reports.hpp"
#include "prove_programs.hpp"

namespace nt {
namespace {

TEST_CASE("the roadmap is read row by row, ticked there or not", "[stage_20]") {
  const ScratchFolder folder;
  const auto rows = read_roadmap(
      folder.write("AGENTS.md",
                   "# Roadmap\n\n- [x] 0 reference: a baseline -> the curve\n"
                   "- [ ] 7 stage_07_attention: single-head attention -> a map -> over a digit\n"
                   "- [x] not a row\n"));
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].name == "stage_00_baseline");
  CHECK(rows[1].stage == 7);
  CHECK(rows[1].name == "stage_07_attention");
  CHECK(rows[1].adds == "single-head attention");
  CHECK(rows[1].pays_out == "a map -> over a digit");
  CHECK_THROWS_WITH(read_roadmap(folder.write("empty.md", "- nothing\n")),
                    contains_text("empty.md: has no row of a roadmap"));
}

TEST_CASE("the course's own roadmap has the stages 0 to 20", "[stage_20]") {
  const auto rows = read_roadmap(project_root() / "AGENTS.md");
  REQUIRE(rows.size() == 21);
  for (int stage = 0; stage <= 20; ++stage) {
    CHECK(rows[static_cast<std::size_t>(stage)].stage == stage);
  }
}

/// A report as --report writes it.
std::string report(const std::string& program, const std::string& proofs) {
  return "{\"program\": \"" + program + "\", \"pass\": true, \"proofs\": [" + proofs + "]}";
}

TEST_CASE("a report counts for its numbers, whatever it says of them", "[stage_20]") {
  const ScratchFolder folder;
  folder.write("a.json", report("stage 07 attention",
                                "{\"value\": 1, \"limit\": 1, \"pass\": false},"
                                "{\"value\": 2, \"limit\": 1, \"pass\": true},"
                                "{\"value\": null, \"limit\": 1, \"pass\": true}"));
  folder.write("b.json", report("stage 08 encoder", "{\"value\": 0, \"limit\": 1}"));
  folder.write("c.json", report("stage 09 patch embedding", ""));
  folder.write("a.log", "no report");
  const std::map<int, Proved> reports = read_reports(folder.path());
  CHECK(reports == std::map<int, Proved>{{7, {3, 1}}, {8, {1, 1}}, {9, {0, 0}}});
  CHECK_FALSE(reports.at(7).all());
  CHECK(reports.at(8).all());
  CHECK_FALSE(reports.at(9).all());
}

TEST_CASE("the reports of a stage on several backends add up", "[stage_20]") {
  const ScratchFolder folder;
  folder.write("naive.json", report("stage 07 attention", "{\"value\": 0, \"limit\": 1}"));
  folder.write("eigen.json", report("stage 07 attention", "{\"value\": 2, \"limit\": 1}"));
  CHECK(read_reports(folder.path()) == std::map<int, Proved>{{7, {2, 1}}});
}

TEST_CASE("where there are no reports nothing is proved, and a broken one is named", "[stage_20]") {
  const ScratchFolder folder;
  CHECK(read_reports(folder.path() / "nowhere").empty());
  CHECK(read_reports(folder.path()).empty());
  for (const std::string text : {"", "[]", "{\"program\": \"stage 07 x\"}"}) {
    folder.write("x.json", text);
    CHECK_THROWS_WITH(read_reports(folder.path()), contains_text("x.json: no report of proofs: "));
  }
  folder.write("x.json", report("another program", ""));
  CHECK_THROWS_WITH(read_reports(folder.path()),
                    contains_text("x.json: no report of proofs: 'another program' is no stage's"));
}

TEST_CASE("proofs are counted as they come", "[stage_20]") {
  Proofs proofs("stage 99 test");
  CHECK(proved_by(proofs) == Proved{0, 0});
  proofs.at_most("one", "count", 1, 1);
  proofs.at_most("two", "count", 2, 1);
  CHECK(proved_by(proofs) == Proved{2, 1});
}

TEST_CASE("a program's exit status, its end by a signal, and its output are seen", "[stage_20]") {
  const ScratchFolder folder;
  const std::filesystem::path log = folder.path() / "log";
  const auto shell = [&](const std::string& script, double seconds) {
    return run_within({"/bin/sh", "-c", script}, log, seconds);
  };
  CHECK(shell("echo out; echo error >&2; exit 3", 60) == 3);
  CHECK(read_file(log) == "out\nerror\n");
  CHECK(shell("read line || exit 4", 60) == 4);  // its input is empty
  CHECK(shell("kill -9 $$", 60) == 128 + SIGKILL);
  CHECK_THROWS_WITH(run_within({"/nowhere/x"}, log, 60),
                    "cannot run /nowhere/x: No such file or directory");
}

/// Whether it runs; what was killed may still be there for a moment, then as a zombie.
bool runs(const std::string& process) {
  std::ifstream stat("/proc/" + process + "/stat");
  std::string line;
  return std::getline(stat, line) && line.find(") Z ") == std::string::npos;
}

TEST_CASE("a program that takes too long is killed, with all that it has started", "[stage_20]") {
  const ScratchFolder folder;
  const std::filesystem::path log = folder.path() / "log";
  // On a busy machine the shell needs longer to start the other one and say its number.
  for (double seconds = 0.1; !std::filesystem::exists(log) || read_file(log).empty();
       seconds *= 2) {
    CHECK_FALSE(run_within({"/bin/sh", "-c", "sleep 60 & echo $!; wait"}, log, seconds));
  }
  const std::string started = std::to_string(std::stoi(read_file(log)));
  for (int i = 0; i < 1000 && runs(started); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK_FALSE(runs(started));
}

TEST_CASE("what ends badly leaves no report, not even an older one", "[stage_20]") {
  const ScratchFolder folder;
  const auto program = [&](const std::string& name, const std::string& script) {
    const auto path = folder.write(name, "#!/bin/sh\n" + script + "\n");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  };
  program("stage_07_attention", "echo \"$@\"; echo '{}' > \"$4\"");
  program("stage_08_encoder", "exit 1");
  program("stage_09_patch_embedding", "exit 130");
  program("stage_10_tinyvit", "sleep 60");
  const ProvingPlan plan{folder.path(), folder.path() / "reports", "digits", 60};
  std::filesystem::create_directories(plan.reports);
  const auto is_there = [&](const std::string& name) {
    return std::filesystem::exists(plan.reports / (name + ".json"));
  };
  for (const char* name : {"stage_08_encoder", "stage_11_sgd"}) {
    write_file(plan.reports / (std::string(name) + ".json"), "old");
  }

  CHECK(prove_program("stage_07_attention", plan).outcome == "proved");
  CHECK(read_file(plan.reports / "stage_07_attention.log") ==
        "--data digits --report " + (plan.reports / "stage_07_attention.json").string() + "\n");
  CHECK(is_there("stage_07_attention"));
  CHECK(prove_program("stage_08_encoder", plan).outcome == "a proof fails");
  CHECK_FALSE(is_there("stage_08_encoder"));
  CHECK(prove_program("stage_09_patch_embedding", plan).outcome == "exit status 130");
  CHECK(prove_program("stage_11_sgd", plan).outcome == "not built");
  CHECK_FALSE(is_there("stage_11_sgd"));
  ProvingPlan impatient = plan;
  impatient.seconds = 0.1;
  CHECK(prove_program("stage_10_tinyvit", impatient).outcome == "took longer than 0 s");
}

TEST_CASE("a program knows where it is", "[stage_20]") {
  CHECK(std::filesystem::exists(own_folder() / "stage_20_capstone_checks"));
}

}  // namespace
}  // namespace nt
