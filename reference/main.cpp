// stage_00_baseline: shows what PyTorch computed once and for all, and proves that the model
// derived by hand on Eigen computes the same.

#include <fmt/format.h>

#include <cmath>

#include "baseline.hpp"
#include "by_hand/accuracy.hpp"
#include "by_hand/tinyvit.hpp"
#include "check/compare.hpp"
#include "core/files.hpp"
#include "program/program.hpp"
#include "sums.hpp"
#include "terminal/digit.hpp"
#include "terminal/table.hpp"

namespace {

using nt::Array;
using nt::Baseline;
using nt::HostArray;
using nt::by_hand::Arrays;

/// float32 against float64 through some twenty layers; measured: at most 2e-6. Gradients are of
/// size 0.1 and less; measured: at most 3e-8.
constexpr double kLimit = 1e-5;
constexpr double kGradientLimit = 1e-6;

Arrays on_eigen(const nt::Frozen& frozen, const std::string& prefix) {
  Arrays arrays;
  for (const auto& [name, values] : frozen.group(prefix)) {
    arrays[name] = nt::by_hand::eigen_operations().array(values);
  }
  return arrays;
}

void show_digits(const Baseline& baseline) {
  std::vector<nt::Picture> pictures;
  constexpr std::size_t kPixels = 28 * 28;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto first = baseline.x_ref.values.begin() + static_cast<std::ptrdiff_t>(i * kPixels);
    pictures.push_back(
        {{{28, 28}, {first, first + kPixels}}, fmt::format("label {}", baseline.y_ref[i])});
  }
  fmt::print("\nThe first four images of X_ref:\n{}\n", draw(pictures, -1, 1));
}

void show_recipes(const Baseline& baseline) {
  nt::Table table({"training", "epochs", "batch", "steps", "rate", "accuracy", "float32 noise"});
  for (const auto& [name, recipe] :
       {std::pair{"AdamW", &baseline.adamw}, std::pair{"SGD", &baseline.sgd}}) {
    table.add({name, std::to_string(recipe->epochs), std::to_string(recipe->batch),
               std::to_string(recipe->steps), fmt::format("{:g}", recipe->lr),
               fmt::format("{:.1f} %", 100 * recipe->accuracy.back()),
               fmt::format("{:.1e}", recipe->float32_noise)});
  }
  fmt::print(
      "PyTorch {} trained it so (noise: its float32 losses against its float64 losses):\n{}\n",
      baseline.pytorch, table.text());
}

void show_weights(const Baseline& baseline) {
  nt::Table table({"weight", "shape", "numbers"});
  std::int64_t count = 0;
  for (const auto& [name, values] : baseline.frozen.group("initial/weights/")) {
    table.add({name, values.shape.text(), std::to_string(values.shape.count())});
    count += values.shape.count();
  }
  table.add({"all", "", std::to_string(count)});
  fmt::print("The model's weights, by PyTorch's names:\n{}\n", table.text());
}

/// The largest difference in a group of arrays, and which array it is in.
std::pair<double, std::string> worst(const nt::Frozen& frozen, const std::string& prefix,
                                     const Arrays& arrays) {
  std::pair<double, std::string> result{0, "none"};
  for (const auto& [name, expected] : frozen.group(prefix)) {
    const double difference = nt::largest_difference(arrays.at(name).host(), expected);
    if (std::isnan(difference)) return {difference, name};
    if (difference > result.first) result = {difference, name};
  }
  return result;
}

/// Forward and backward over X_ref with the initial weights, layer by layer.
void prove_x_ref(const Baseline& baseline, nt::Proofs& proofs) {
  const auto& op = nt::by_hand::eigen_operations();
  const Arrays weights = on_eigen(baseline.frozen, "initial/weights/");
  nt::by_hand::Memory memory;
  const Array logits = forward(op, {}, weights, op.array(baseline.x_ref), memory);
  const auto loss = cross_entropy(op, logits, baseline.y_ref);
  const Arrays gradients = backward(op, {}, weights, memory, loss.dlogits);

  nt::Table table({"layer", "shape", "max |d|"});
  for (const auto& [name, expected] : baseline.frozen.group("initial/activations/")) {
    const HostArray actual = memory.activations.at(name).host();
    table.add({name, actual.shape.text(),
               fmt::format("{:.1e}", nt::largest_difference(actual, expected))});
  }
  fmt::print("X_ref through the model on Eigen, against PyTorch:\n{}\n", table.text());

  proofs.close("logits of X_ref", logits.host(),
               baseline.frozen.floats("initial/activations/logits"), kLimit);
  const auto [activation, layer] =
      worst(baseline.frozen, "initial/activations/", memory.activations);
  proofs.at_most("activations, worst " + layer, "max |d|", activation, kLimit);
  const auto [gradient, weight] = worst(baseline.frozen, "initial/gradients/", gradients);
  proofs.at_most("gradients, worst " + weight, "max |d|", gradient, kGradientLimit);
}

/// The weights that PyTorch trained classify the test images here as they did there.
void prove_accuracy(const Baseline& baseline, nt::Proofs& proofs) {
  for (const auto& [kind, recipe] :
       {std::pair{"adamw", &baseline.adamw}, std::pair{"sgd", &baseline.sgd}}) {
    for (std::size_t epoch = 0; epoch < recipe->accuracy.size(); ++epoch) {
      const double pytorchs = recipe->accuracy[epoch];
      const Arrays weights = on_eigen(baseline.frozen, fmt::format("{}/weights.{}/", kind, epoch));
      const double ours = accuracy(nt::by_hand::eigen_operations(), weights, baseline.data.test,
                                   baseline.test_count);
      nt::stop_if_interrupted();
      proofs.at_most(fmt::format("accuracy after {} epoch {}, {:.3f}", kind, epoch, pytorchs),
                     "|d|", std::abs(ours - pytorchs), 1e-9);  // one image would make 0.001
    }
  }
}

void prove_sums(nt::Proofs& proofs) {
  int wrong = 0;
  for (const auto& [file, sum] : nt::listed_sums(nt::frozen_folder() / "SHA256SUMS")) {
    wrong += nt::sha256(nt::read_file(nt::frozen_folder() / file)) != sum;
  }
  proofs.at_most("SHA-256 sums of the frozen files", "wrong", wrong, 0);
}

void show_and_prove(const nt::Options& options, nt::Proofs& proofs) {
  const Baseline baseline = nt::load_baseline(options.data);
  show_digits(baseline);
  show_recipes(baseline);
  show_weights(baseline);
  prove_sums(proofs);
  prove_x_ref(baseline, proofs);
  prove_accuracy(baseline, proofs);
}

}  // namespace

nt::Program nt::program() {
  return {.name = "stage 00 baseline",
          .summary = "What PyTorch computed, and the model derived by hand that computes the same",
          .backends = {nt::Backend::eigen},
          .run = show_and_prove};
}
