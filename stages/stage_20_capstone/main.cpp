// stage_20_capstone: gathers what the course has built into one page, proves what the page says,
// and lets the reader play against the model.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>
#include <optional>

#include "capstone_options.hpp"
#include "capstone_page.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"
#include "gather.hpp"
#include "install_fast.hpp"
#include "openblas.hpp"
#include "page_proofs.hpp"
#include "program/program.hpp"
#include "prove_programs.hpp"
#include "quiz.hpp"
#include "terminal/style.hpp"

namespace {

using namespace nt;

/// --prove-all: every program but this one, which proves itself.
void prove_stages(const std::vector<RoadmapRow>& roadmap, const ProvingPlan& plan) {
  fmt::print("running {} programs, whose reports go to {}\n", roadmap.size() - 1,
             shown(plan.reports));
  for (const RoadmapRow& row : roadmap) {
    if (row.stage == kCapstoneStage) continue;
    fmt::print("  {:<28}", row.name);
    std::fflush(stdout);
    fmt::print("{}\n", prove_program(row.name, plan).outcome);
  }
}

/// The model in a file, if one is asked for or has been left; says which.
std::optional<TrainedModel> find_model(const CapstoneOptions& asked, const std::string& data) {
  std::optional<std::filesystem::path> path;
  if (!asked.weights.empty()) path = asked.weights;
  if (!path && !asked.replay) path = left_weights(out_folder(), data);
  if (!path) {
    fmt::print(
        "weights: those of the replay; `./learn run 19` and `./learn run 14` leave better\n");
    return {};
  }
  TrainedModel trained = read_model(*path, data);
  fmt::print("weights: {}{}\n", trained.origin,
             trained.said ? "" : ", which does not say how well it reads these digits");
  return trained;
}

void show_mistakes(const TestReading& reading) {
  fmt::print("{} of {} test digits are read rightly, {:.1f} %\n", reading.right(), reading.images(),
             100 * reading.accuracy());
  for (const Confused& kind : most_confused(reading.confusion, 3)) {
    fmt::print("  a {} is read as {} {} time{}\n", kind.label, kind.read, kind.images,
               kind.images == 1 ? "" : "s");
  }
}

/// Lets Ctrl-C end the waiting for an answer too, which would otherwise go on behind it.
void let_interrupt_reading() {
  struct sigaction action {};
  ::sigaction(SIGINT, nullptr, &action);
  action.sa_flags &= ~SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
}

/// As many questions as asked for, or 5 where a reader sits in front.
void play(const CapstoneOptions& asked, const Capstone& capstone, std::int64_t seed) {
  const bool reader = on_terminal() && ::isatty(STDIN_FILENO) == 1;
  const int count = asked.quiz >= 0 ? asked.quiz : reader ? 5 : 0;
  if (count == 0) return;
  const auto say = [](const std::string& text) {
    fmt::print("{}", text);
    std::fflush(stdout);
  };
  let_interrupt_reading();
  play_quiz(capstone.test, capstone.reading,
            quiz_positions(capstone.reading, capstone.test.labels, count, seed), std::cin, say);
  stop_if_interrupted();
  fmt::print("\n");
}

/// Says where the page is, and what would tick more of it.
void show_page(const std::filesystem::path& path, std::size_t ticks, std::size_t stages) {
  fmt::print("the page: {}, {} of {} stages ticked\n", shown(path), ticks, stages);
  if (ticks < stages) {
    fmt::print("`./learn test` builds all programs, `./learn run 20 --prove-all` runs them\n");
  }
}

void make_and_prove(const CapstoneOptions& asked, const Options& options, Proofs& proofs) {
  install_fast();
  set_backend(options.backend);
  OpenBlas::find();  // before numpy, which reads the baseline, loads it with other kernels
  const Baseline baseline = load_baseline(options.data);
  const ImageSets sets = read_image_sets(baseline.data.name);
  const std::vector<RoadmapRow> roadmap = read_roadmap(project_root() / "AGENTS.md");
  if (asked.prove_all) {
    prove_stages(roadmap, {own_folder(), asked.proofs_folder(), sets.name, asked.seconds});
  }
  const std::map<int, Proved> proved = read_reports(asked.proofs_folder());
  const std::optional<TrainedModel> left = find_model(asked, sets.name);

  const Replay replay = replay_training(baseline, sets);
  const TrainedModel trained =
      left ? *left : TrainedModel{replay.model, "PyTorch’s training, replayed", {}};
  const std::int64_t count = trained.said ? trained.said->images : baseline.test_count;
  Capstone capstone = gather(trained, first(sets.test, count), baseline, replay.curves);
  capstone.race = climb(parse_sizes("512"), {.each_round = stop_if_interrupted});
  capstone.roadmap = roadmap;
  show_mistakes(capstone.reading);

  prove_numbers(capstone, trained, proofs);
  capstone.proved = proved;
  capstone.proved[kCapstoneStage] = proved_by(proofs);  // what it has proved before it has a page
  const std::string page = capstone_page(capstone);
  prove_page(page, capstone, proofs);
  write_file(asked.page_path(), page);
  show_page(asked.page_path(), ticks_on(page).size(), roadmap.size());
  play(asked, capstone, options.seed);  // last, so that whoever leaves the quiz has the page
}

}  // namespace

nt::Program nt::program() {
  const auto asked = std::make_shared<CapstoneOptions>();
  return {.name = "stage 20 capstone",
          .summary = "The report of your own framework, as a page, and a quiz of digits",
          .backends = {Backend::fast, Backend::naive, Backend::eigen},
          .run = [asked](const Options& options,
                         Proofs& proofs) { make_and_prove(*asked, options, proofs); },
          .add_options = [asked](CLI::App& app) { add_capstone_options(app, *asked); }};
}
