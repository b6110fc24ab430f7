// stage_17_profiling: where the time of a training step goes, as a table, a trace and a picture;
// how many images a second the backends train on and read; and that the fast one computes what
// PyTorch computes, whatever the processor and the number of threads.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "chrome_trace.hpp"
#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"
#include "flame_svg.hpp"
#include "install_fast.hpp"
#include "kernels.hpp"
#include "ladder.hpp"
#include "openblas.hpp"
#include "parallel.hpp"
#include "parity.hpp"
#include "profile_report.hpp"
#include "profiler.hpp"
#include "program/program.hpp"
#include "proof_runs.hpp"
#include "terminal/table.hpp"
#include "vector_error.hpp"
#include "weight_file.hpp"

namespace {

using namespace nt;

// The limits of stages 10, 12 and 11, whose numbers these are; measured with every backend, every
// set of kernels, on both data sets: at most 2.4e-6 forward and 8.9e-8 backward, 1.4e-6 and 4.2e-5.
constexpr double kForward = 1e-5;
constexpr double kBackward = 1e-6;
constexpr double kAdamWLosses = 1e-5;
constexpr double kSgdLosses = 1e-4;

/// What the kernels promise of exp and erf; measured: at most 0.97 ulp and 7.9e-8.
constexpr double kExpUlps = 2;
constexpr double kErf = 1e-7;
constexpr std::uint32_t kEveryFloat = 1009;  // every thousandth or so

constexpr std::int64_t kBatch = 32;        // of the profile, as of the benchmark
constexpr std::int64_t kThreadSteps = 20;  // taken with 1, 2 and 3 threads

/// What this program alone is told.
struct OwnOptions {
  int threads = fast::threads();
  std::int64_t profile_steps = 5;
  std::string trace;  ///< a file, or empty
  std::string ladder = "512";
};

std::filesystem::path in_out(const std::string& name) {
  const std::filesystem::path folder = project_root() / "out";
  std::filesystem::create_directories(folder);
  return folder / name;
}

std::vector<Profile> profile_training(const Options& options, const OwnOptions& own,
                                      const ImageSet& train) {
  Trainer trainer = endless_trainer(train, kBatch, options.seed);
  for (int i = 0; i < 2; ++i) trainer.step();  // so that the buffers are there
  std::vector<Profile> steps;
  for (std::int64_t i = 0; i < own.profile_steps; ++i) {
    steps.push_back(profile_of(fmt::format("step {}", i + 3), [&] { trainer.step(); }));
    stop_if_interrupted();
  }
  return steps;
}

void show_profile(const std::vector<Profile>& steps, const OwnOptions& own, Backend backend) {
  const std::filesystem::path flame = in_out("17_flame.svg");
  const std::filesystem::path trace =
      own.trace.empty() ? in_out("17_trace.json") : std::filesystem::path(own.trace);
  const Profile& quickest =
      *std::min_element(steps.begin(), steps.end(),
                        [](const Profile& a, const Profile& b) { return a.duration < b.duration; });
  write_file(flame, flame_svg(quickest));
  write_file(trace, chrome_trace(steps));
  fmt::print("\n{} training steps of {} images on '{}':\n\n{}\n", steps.size(), kBatch,
             name(backend), table_of(summarise(steps)));
  fmt::print("the quickest of them: {}\nall of them, for ui.perfetto.dev: {}\n\n", shown(flame),
             shown(trace));
}

/// The product from three loops to as fast as it gets.
void show_ladder(const MatrixSizes& sizes) {
  const Race race = climb(sizes, {.each_round = stop_if_interrupted});
  const std::filesystem::path picture = in_out("17_ladder.svg");
  write_file(picture, ladder_svg(race));
  fmt::print("{}\nas a picture: {}\n\n", ladder_table(race), shown(picture));
}

void prove_profile(const std::vector<Profile>& steps, Proofs& proofs) {
  const ProfileSummary summary = summarise(steps);
  Nanoseconds missing = summary.together.total - summary.outside;
  for (const OpLine& line : summary.lines) missing -= line.self;
  proofs.at_most("self times and the time outside, and the whole time", "ns differ",
                 std::abs(static_cast<double>(missing)), 0);
}

/// How often `work` can be done in a second: it is done once before, then for a second.
double times_a_second(const std::function<void()>& work) {
  work();
  const Nanoseconds begin = steady_time();
  std::int64_t times = 0;
  while (steady_time() - begin < 1'000'000'000) {
    work();
    ++times;
    stop_if_interrupted();
  }
  return static_cast<double>(times) * 1e9 / static_cast<double>(steady_time() - begin);
}

/// Shown and not proved: what the clock says is another thing on every machine and every day.
void show_speed(const Options& options, const ImageSet& train) {
  Table table({"images a second", "training", "reading"});
  for (const Backend backend : {Backend::naive, Backend::fast}) {
    set_backend(backend);
    Trainer trainer = endless_trainer(train, kBatch, options.seed);
    const HostArray images = images_at(train, std::vector<std::int64_t>(kBatch, 0));
    const double steps = times_a_second([&] { trainer.step(); });
    const double readings =
        times_a_second([&] { trainer.model()(Tensor(op::array(images))).data().host(); });
    table.add({std::string(name(backend)), fmt::format("{:.0f}", kBatch * steps),
               fmt::format("{:.0f}", kBatch * readings)});
  }
  set_backend(options.backend);
  fmt::print("{}\n", table.text());
}

/// X_ref forward and backward, through the model with the weights below `prefix`.
void prove_parity(const Baseline& baseline, const std::string& who, Proofs& proofs) {
  const Frozen& frozen = baseline.frozen;
  const TinyVit model = with_weights({}, frozen.group("initial/weights/"));
  const HostArray& logits = frozen.floats("initial/activations/logits");
  const Parity parity = compare_with_pytorch(model, frozen, "initial/", baseline.x_ref,
                                             loss_gradient(logits, baseline.y_ref));
  proofs.at_most(fmt::format("all 12 layers of X_ref, {}", who), "max |d|",
                 Parity::largest(parity.activations), kForward);
  proofs.at_most(fmt::format("all 17 gradients, {}", who), "max |d|",
                 Parity::largest(parity.gradients), kBackward);
  const TinyVit trained = with_weights({}, frozen.group("adamw/weights.1/"));
  proofs.close(fmt::format("logits, trained weights, {}", who),
               trained(Tensor(op::array(baseline.x_ref))).data().host(),
               frozen.floats("adamw/logits.1"), kForward);
}

/// Every step of PyTorch's run with that optimizer.
void prove_run(const std::string& optimizer, double limit, const Baseline& baseline,
               const ImageSet& train, const std::string& who, Proofs& proofs) {
  proofs.close(fmt::format("loss of every step of {}, {}", optimizer, who),
               replayed_losses(optimizer, baseline, train, who),
               baseline.frozen.floats(optimizer + "/losses"), limit);
}

void prove_threads(const OwnOptions& own, const ImageSet& train, Proofs& proofs) {
  const NamedArrays alone = weights_after(kThreadSteps, 1, train);
  for (const int threads : {2, 3}) {
    proofs.at_most(fmt::format("weights after {} steps, 1 thread and {}", kThreadSteps, threads),
                   "floats differ", differing(alone, weights_after(kThreadSteps, threads, train)),
                   0);
  }
  fast::set_threads(own.threads);
}

void prove_functions(const fast::Kernels& set, Proofs& proofs) {
  const auto exp_error = [](float y, double x) { return fast::ulps(y, std::exp(x)); };
  const auto erf_error = [](float y, double x) { return std::abs(y - std::erf(x)); };
  proofs.at_most(fmt::format("exp against double, {}", set.processor), "ulp",
                 fast::largest_error(set.exp, 104, kEveryFloat, exp_error), kExpUlps);
  proofs.at_most(fmt::format("erf against double, {}", set.processor), "max |d|",
                 fast::largest_error(set.erf, 6, kEveryFloat, erf_error), kErf);
}

void show_and_prove(const Options& options, const OwnOptions& own, Proofs& proofs) {
  const MatrixSizes sizes = parse_sizes(own.ladder);  // first: a wrong one should cost nobody time
  install_fast();
  set_backend(options.backend);
  fast::set_threads(own.threads);
  OpenBlas::find();  // before numpy, which reads the baseline, loads it with other kernels
  const Baseline baseline = load_baseline(options.data);
  const ImageSet train = read_image_sets(baseline.data.name).train;
  const fast::Kernels& best = fast::kernels();
  fmt::print("kernels for {}, {} threads\n", best.processor, fast::threads());

  const std::vector<Profile> steps = profile_training(options, own, train);
  show_profile(steps, own, options.backend);
  show_ladder(sizes);
  show_speed(options, train);

  prove_profile(steps, proofs);
  if (options.backend != Backend::fast) {
    const std::string who(name(options.backend));
    prove_parity(baseline, who, proofs);
    prove_run("adamw", kAdamWLosses, baseline, train, who, proofs);
    prove_run("sgd", kSgdLosses, baseline, train, who, proofs);
    return;
  }
  for (const fast::Kernels* set : fast::runnable_kernels()) {
    fast::use_kernels(*set);
    const std::string who(set->processor);
    prove_functions(*set, proofs);
    prove_parity(baseline, who, proofs);
    prove_run("adamw", kAdamWLosses, baseline, train, who, proofs);
  }
  fast::use_kernels(best);
  prove_run("sgd", kSgdLosses, baseline, train, std::string(best.processor), proofs);
  prove_threads(own, train, proofs);
}

void add_own_options(CLI::App& app, OwnOptions& own) {
  app.add_option("--threads", own.threads, "how many threads the fast backend has")
      ->check(CLI::Range(1, 64));
  app.add_option("--profile-steps", own.profile_steps, "how many training steps are profiled")
      ->check(CLI::Range(1, 1000));
  app.add_option("--ladder", own.ladder, "the sizes of the ladder's product, M or MxKxN");
  app.add_option("--trace", own.trace, "the file for the trace; out/17_trace.json without");
}

}  // namespace

nt::Program nt::program() {
  const auto own = std::make_shared<OwnOptions>();
  return {.name = "stage 17 profiling",
          .summary = "Where the time goes, and a backend that takes little of it",
          .backends = {nt::Backend::fast, nt::Backend::naive, nt::Backend::eigen},
          .run =
              [own](const Options& options, Proofs& proofs) {
                if (!own->trace.empty()) require_writable("--trace", own->trace);
                show_and_prove(options, *own, proofs);
              },
          .add_options = [own](CLI::App& app) { add_own_options(app, *own); }};
}
