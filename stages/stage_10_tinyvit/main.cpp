// stage_10_tinyvit: the whole model beside PyTorch's, layer by layer and gradient by gradient, and
// what it reads in the test images with the weights that PyTorch trained.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "baseline.hpp"
#include "classify.hpp"
#include "parity.hpp"
#include "program/program.hpp"
#include "terminal/digit.hpp"
#include "terminal/table.hpp"

namespace {

/// float32 against float64, for numbers of up to 9 forward and 0.4 going back; measured on both
/// data sets and both backends: at most 2.4e-6 and 2.4e-7.
constexpr double kForward = 1e-5;
constexpr double kBackward = 1e-6;

/// The baseline's model as it was after that epoch of PyTorch's training.
nt::TinyVit trained(const nt::Baseline& baseline, int epoch) {
  return nt::with_weights({}, baseline.frozen.group(fmt::format("adamw/weights.{}/", epoch)));
}

nt::Parity initial_parity(const nt::Baseline& baseline) {
  const nt::Frozen& frozen = baseline.frozen;
  const nt::TinyVit model = nt::with_weights({}, frozen.group("initial/weights/"));
  const nt::HostArray dy =
      nt::loss_gradient(frozen.floats("initial/activations/logits"), baseline.y_ref);
  return compare_with_pytorch(model, frozen, "initial/", baseline.x_ref, dy);
}

double largest(const nt::HostArray& x) {
  double largest = 0;
  for (const float value : x.values) largest = std::max(largest, std::abs(double{value}));
  return largest;
}

/// A line for each array: its shape, PyTorch's largest number, the largest difference from PyTorch.
void show(const std::string& heading, const std::vector<nt::Difference>& differences,
          const nt::Frozen& frozen, const std::string& prefix) {
  nt::Table table({heading, "shape", "largest", "differs by"});
  for (const auto& [name, difference] : differences) {
    const nt::HostArray& expected = frozen.floats(prefix + name);
    table.add({name, expected.shape.text(), fmt::format("{:.2g}", largest(expected)),
               fmt::format("{:.1e}", difference)});
  }
  fmt::print("\n{}", table.text());
}

/// What the test images are read as, and how many rightly, here and by PyTorch.
struct Reading {
  std::vector<std::int32_t> read;
  std::int64_t right;
  std::int64_t right_in_pytorch;
};

Reading read_test_images(const nt::Baseline& baseline, int epoch) {
  const std::int32_t count = baseline.test_count;
  const auto read = classify(trained(baseline, epoch), baseline.data.test, count);
  const auto wrong = std::ssize(nt::mistakes(read, baseline.data.test.labels));
  const double accuracy = baseline.adamw.accuracy[static_cast<std::size_t>(epoch)];
  Reading reading{read, count - wrong, std::lround(accuracy * count)};
  fmt::print("weights after epoch {}: {} of {} test images right, PyTorch {}\n", epoch,
             reading.right, count, reading.right_in_pytorch);
  return reading;
}

/// Two rows of images that are read wrongly, drawn by lot.
void draw_mistakes(const nt::LabelledImages& test, const Reading& reading, std::int64_t seed) {
  constexpr std::size_t kInARow = 3;  // 90 columns
  nt::Random random(static_cast<std::uint64_t>(seed));
  const std::vector<std::int32_t> wrong = nt::mistakes(reading.read, test.labels);
  const std::vector<std::int64_t> lots = random.permutation(std::ssize(wrong));
  const std::size_t drawn = std::min(2 * kInARow, lots.size());
  std::vector<nt::Picture> row;
  for (std::size_t i = 0; i < drawn; ++i) {
    const std::int32_t position = wrong[static_cast<std::size_t>(lots[i])];
    const auto at = static_cast<std::size_t>(position);
    row.push_back({{{28, 28}, test.normalised({position}).values},
                   fmt::format("reads {}, is {}", reading.read[at], test.labels[at])});
    if (row.size() < kInARow && i + 1 < drawn) continue;
    fmt::print("\n{}", draw(row, -1, 1));
    row.clear();
  }
  fmt::print("\n");
}

/// One proof for all of them; where it fails, the first that strays is named.
void prove(const std::string& what, const std::vector<nt::Difference>& differences, double limit,
           nt::Proofs& proofs) {
  proofs.at_most(what, "max |d|", nt::Parity::largest(differences), limit);
  const std::string stray = nt::Parity::first_beyond(differences, limit);
  if (!stray.empty()) fmt::print("{}\n", stray);
}

/// PyTorch's weights after each epoch: the logits of X_ref, and at the end every gradient.
void prove_trained(const nt::Baseline& baseline, nt::Proofs& proofs) {
  const nt::Frozen& frozen = baseline.frozen;
  const nt::Tensor images(nt::op::array(baseline.x_ref));
  for (const int epoch : {0, 1}) {
    proofs.close(fmt::format("logits, weights after epoch {}", epoch),
                 trained(baseline, epoch)(images).data().host(),
                 frozen.floats(fmt::format("adamw/logits.{}", epoch)), kForward);
  }
  const nt::HostArray dy = nt::loss_gradient(frozen.floats("adamw/logits.1"), baseline.y_ref);
  const nt::Parity parity =
      compare_with_pytorch(trained(baseline, 1), frozen, "adamw/", baseline.x_ref, dy);
  prove("all 17 gradients, weights after epoch 1", parity.gradients, kBackward, proofs);
}

/// A model of other sizes.
void prove_variant(nt::Proofs& proofs) {
  const nt::Frozen frozen = nt::Frozen::open("variant");
  const nt::TinyVit model = nt::with_weights(
      {.patch = 7, .dim = 32, .depth = 2, .heads = 8, .mlp = 64}, frozen.group("weights/"));
  const nt::HostArray dy =
      nt::loss_gradient(frozen.floats("activations/logits"), frozen.integers("labels").values);
  const nt::Parity parity = compare_with_pytorch(model, frozen, "", frozen.floats("images"), dy);
  prove("all 20 layers, depth 2, heads 8, patch 7, dim 32", parity.activations, kForward, proofs);
  prove("all 29 gradients of that model", parity.gradients, kBackward, proofs);
}

/// How long 32 images take forward and backward, which is shown and not proved: the median of five.
void show_speed(const nt::Baseline& baseline) {
  const nt::TinyVit model = nt::with_weights({}, baseline.frozen.group("initial/weights/"));
  const nt::HostArray images = baseline.data.test.normalised(nt::range(0, 32));
  const nt::HostArray dy{{32, 10}, std::vector<float>(320, 0.01F)};
  std::vector<double> seconds;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    zero_grad(model);
    nt::Tape tape;
    tape.backward(model(nt::Tensor(nt::op::array(images))), nt::op::array(dy));
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    seconds.push_back(elapsed.count());
  }
  std::sort(seconds.begin(), seconds.end());
  fmt::print("32 images forward and backward on '{}': {:.0f} ms\n\n",
             nt::name(nt::current_backend()), 1000 * seconds[2]);
}

void show_and_prove(const nt::Options& options, nt::Proofs& proofs) {
  nt::install_patches();
  nt::set_backend(options.backend);
  const nt::Baseline baseline = nt::load_baseline(options.data);
  const nt::Parity initial = initial_parity(baseline);
  show("layer", initial.activations, baseline.frozen, "initial/activations/");
  show("gradient", initial.gradients, baseline.frozen, "initial/gradients/");
  fmt::print("\n");
  const Reading readings[] = {read_test_images(baseline, 0), read_test_images(baseline, 1)};
  draw_mistakes(baseline.data.test, readings[1], options.seed);
  show_speed(baseline);

  prove("all 12 layers, initial weights, against PyTorch", initial.activations, kForward, proofs);
  prove("all 17 gradients, initial weights", initial.gradients, kBackward, proofs);
  prove_trained(baseline, proofs);
  prove_variant(proofs);
  for (const int epoch : {0, 1}) {
    const Reading& reading = readings[epoch];
    // Exactly as many: where the decision is closest, the two best logits are 4e-4 apart.
    proofs.at_most(fmt::format("right answers after epoch {}, and PyTorch's", epoch), "differ",
                   static_cast<double>(std::abs(reading.right - reading.right_in_pytorch)), 0);
  }
}

}  // namespace

nt::Program nt::program() {
  return {.name = "stage 10 tinyvit",
          .summary = "The whole model, equal to PyTorch's; it reads the test images",
          .backends = {nt::Backend::naive, nt::Backend::eigen},
          .run = show_and_prove};
}
