// stage_01_tensor: trains the reference model with Tensors for weights, all steps of both epochs,
// and lays its loss over PyTorch's.

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "program/program.hpp"
#include "terminal/curve.hpp"
#include "terminal/progress.hpp"
#include "terminal/table.hpp"
#include "training.hpp"

namespace {

/// PyTorch's own float32 run strays by up to 5.3e-6 from the frozen losses on either data set.
constexpr double kStepLimit = 1e-4;
constexpr double kEpochLimit = 0.01;

/// The mean of the losses of one epoch's steps.
double epoch_loss(const std::vector<float>& losses, const nt::Recipe& recipe, std::size_t epoch) {
  const std::size_t steps = losses.size() / recipe.accuracy.size();
  const auto first = losses.begin() + static_cast<std::ptrdiff_t>(epoch * steps);
  return std::accumulate(first, first + static_cast<std::ptrdiff_t>(steps), 0.0) /
         static_cast<double>(steps);
}

/// Both curves in one frame, and the figures of every epoch.
void show(const nt::by_hand::TrainingLog& log, const nt::Recipe& recipe,
          const std::vector<float>& frozen) {
  fmt::print("\n{}\n", nt::draw({"Tensors on Eigen", log.losses}, {"PyTorch", frozen}));
  nt::Table table({"epoch", "loss", "PyTorch's", "accuracy", "PyTorch's"});
  for (std::size_t epoch = 0; epoch < recipe.accuracy.size(); ++epoch) {
    table.add({std::to_string(epoch), fmt::format("{:.4f}", epoch_loss(log.losses, recipe, epoch)),
               fmt::format("{:.4f}", epoch_loss(frozen, recipe, epoch)),
               fmt::format("{:.1f} %", 100 * log.accuracy[epoch]),
               fmt::format("{:.1f} %", 100 * recipe.accuracy[epoch])});
  }
  fmt::print("{}\n", table.text());
}

void prove(const nt::by_hand::TrainingLog& log, const nt::Recipe& recipe,
           const std::vector<float>& frozen, nt::Proofs& proofs) {
  const nt::Shape steps{recipe.steps};
  proofs.close("loss of every training step", {steps, log.losses}, {steps, frozen}, kStepLimit);
  for (std::size_t epoch = 0; epoch < recipe.accuracy.size(); ++epoch) {
    const double ours = epoch_loss(log.losses, recipe, epoch);
    proofs.at_most(fmt::format("mean loss of epoch {}", epoch), "|d|",
                   std::abs(ours - epoch_loss(frozen, recipe, epoch)), kEpochLimit);
    proofs.at_most(fmt::format("accuracy after epoch {}", epoch), "|d|",
                   std::abs(log.accuracy[epoch] - recipe.accuracy[epoch]), kEpochLimit);
  }
}

void show_and_prove(const nt::Options& options, nt::Proofs& proofs) {
  const nt::Baseline baseline = nt::load_baseline(options.data);
  const nt::Recipe& recipe = baseline.adamw;
  const std::vector<float>& frozen = baseline.frozen.floats("adamw/losses").values;

  nt::Progress progress("training", recipe.steps);
  const auto log =
      nt::by_hand::train(nt::by_hand::eigen_operations(), baseline, recipe.steps, [&](float loss) {
        progress.step(fmt::format("loss {:.4f}", loss));
        nt::stop_if_interrupted();
      });
  show(log, recipe, frozen);
  prove(log, recipe, frozen, proofs);
}

}  // namespace

nt::Program nt::program() {
  return {.name = "stage 01 tensor",
          .summary = "Trains the reference model with Tensors for weights, as PyTorch did",
          .backends = {nt::Backend::eigen},
          .run = show_and_prove};
}
