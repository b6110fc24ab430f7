// stage_12_adamw: what AdamW makes of a gradient that stays the same; then two epochs with the
// frozen recipe, the losses over PyTorch's, and how long the last step was for every weight.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>

#include "program/program.hpp"
#include "replay.hpp"
#include "ten_steps.hpp"
#include "terminal/curve.hpp"
#include "terminal/progress.hpp"
#include "terminal/table.hpp"

namespace {

using nt::HostArray;

/// Float32 against PyTorch's float64, measured on both data sets and both backends: losses stray at
/// most 1.3e-6, weights 3.6e-6, logits 5.5e-6. With the decay as a factor of 1 - lr decay, as
/// PyTorch's float32 has it, they stray 4.7e-6, 2.7e-5 and 3.6e-5: that is no mistake either.
constexpr double kLosses = 1e-5;
constexpr double kWeights = 1e-4;
constexpr double kLogits = 1e-4;

/// Ten steps from numbers of up to 2.4; measured: 2.4e-7, the last digit of such numbers.
constexpr double kFixtures = 1e-6;

/// One of the 1000 test images; measured: none is read otherwise.
constexpr double kAccuracy = 0.0015;

/// The bias of queries, keys and values, 64 numbers each.
constexpr const char* kInProjectionBias = "encoder.0.self_attn.in_proj_bias";

/// What is remembered of a gradient that stays 0.2, and how long the steps are.
void show_bias_correction() {
  const nt::AdamWSettings settings;
  nt::Table table({"steps", "m", "m corrected", "v", "v corrected", "step / lr", "uncorrected"});
  nt::Moments moments;
  const nt::Array gradient = nt::op::array({{}, {0.2F}});
  const auto number = [](const nt::Array& x) { return double{x.host().values.front()}; };
  for (const int t : {1, 2, 3, 10, 100, 1000}) {
    while (moments.steps < t) update_moments(settings, gradient, moments);
    const double m = number(moments.m);
    const double v = number(moments.v);
    table.add({std::to_string(t), fmt::format("{:.4f}", m),
               fmt::format("{:.4f}", m / (1 - std::pow(settings.beta1, t))),
               fmt::format("{:.6f}", v),
               fmt::format("{:.6f}", v / (1 - std::pow(settings.beta2, t))),
               fmt::format("{:.3f}", number(adamw_direction(settings, moments))),
               fmt::format("{:.3f}", m / (std::sqrt(v) + settings.eps))});
  }
  fmt::print("\nA gradient that stays 0.2:\n{}\n", table.text());
}

/// What one step did to a weight, or to a part of it: the means of |g| and of |w' - w|.
struct StepSize {
  std::string name;
  double gradient;
  double step;
};

double mean_size(const std::vector<float>& values, std::size_t first, std::size_t last) {
  double sum = 0;
  for (std::size_t i = first; i < last; ++i) sum += std::abs(double{values[i]});
  return sum / static_cast<double>(last - first);
}

/// Takes a step and measures it, for every weight.
std::vector<StepSize> measured_step(const nt::NamedTensors& weights, nt::AdamW& adamw) {
  std::vector<HostArray> before;
  for (const auto& [name, weight] : weights) before.push_back(weight.data().host());
  adamw.step();
  std::vector<StepSize> sizes;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto& [name, weight] = weights[i];
    const std::vector<float> gradient = weight.grad().host().values;
    std::vector<float> step = weight.data().host().values;
    for (std::size_t j = 0; j < step.size(); ++j) step[j] -= before[i].values[j];
    const auto add = [&](const std::string& part, std::size_t first, std::size_t last) {
      sizes.push_back({part, mean_size(gradient, first, last), mean_size(step, first, last)});
    };
    if (name != kInProjectionBias) {
      add(name, 0, step.size());
      continue;
    }
    const std::size_t third = step.size() / 3;
    add(name + ", queries", 0, third);
    add(name + ", keys", third, 2 * third);
    add(name + ", values", 2 * third, 3 * third);
  }
  return sizes;
}

/// A training run, and the last of its steps.
struct Run {
  nt::TinyVit model;
  nt::ReplayLog log;
  std::vector<StepSize> last_step;
  double seconds;  ///< of processor time
};

Run train(const nt::Baseline& baseline) {
  const nt::Recipe& recipe = baseline.adamw;
  Run run{nt::with_weights({}, baseline.frozen.group("initial/weights/")), {}, {}, 0};
  nt::AdamW adamw(run.model.parameters(), {.lr = recipe.lr, .weight_decay = recipe.weight_decay});
  const auto update = [&](std::int64_t step) {
    if (step + 1 < recipe.steps) {
      adamw.step();
    } else {
      run.last_step = measured_step(run.model.parameters(), adamw);
    }
  };
  nt::Progress progress("training", recipe.steps);
  const auto on_loss = [&](float loss) {
    progress.step(fmt::format("loss {:.4f}", loss));
    nt::stop_if_interrupted();
  };
  const std::clock_t start = std::clock();
  run.log = nt::replay(run.model, baseline, baseline.frozen.integers("adamw/order"), recipe.batch,
                       recipe.steps, update, on_loss);
  run.seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  return run;
}

/// The losses over PyTorch's, and how many test images are read rightly.
void show_training(const Run& run, const nt::Baseline& baseline) {
  fmt::print("\n{}\n", nt::draw({"here", run.log.losses},
                                {"PyTorch", baseline.frozen.floats("adamw/losses").values}));
  nt::Table table({"after epoch", "accuracy", "PyTorch's"});
  for (std::size_t epoch = 0; epoch < baseline.adamw.accuracy.size(); ++epoch) {
    table.add({std::to_string(epoch), fmt::format("{:.1f} %", 100 * run.log.accuracy.at(epoch)),
               fmt::format("{:.1f} %", 100 * baseline.adamw.accuracy[epoch])});
  }
  fmt::print("{}two epochs: {:.1f} s of processor time\n\n", table.text(), run.seconds);
}

/// The last step beside the one that SGD would have taken at its recipe's rate.
void show_steps(const std::vector<StepSize>& sizes, const nt::Recipe& sgd) {
  nt::Table table({"the last step", "mean |g|", fmt::format("SGD: {:.1f} |g|", sgd.lr), "AdamW"});
  for (const auto& [name, gradient, step] : sizes) {
    table.add({name, fmt::format("{:.1e}", gradient), fmt::format("{:.1e}", sgd.lr * gradient),
               fmt::format("{:.1e}", step)});
  }
  fmt::print("{}\n", table.text());
}

/// Softmax does not see the keys' bias: its gradient is rounding noise, and so is where AdamW takes
/// it. So it is left out where weights are compared: the middle third is set to 0.
HostArray without_key_bias(const std::string& name, HostArray weight) {
  if (name != kInProjectionBias) return weight;
  const auto third = static_cast<std::ptrdiff_t>(weight.values.size() / 3);
  std::fill_n(weight.values.begin() + third, third, 0.0F);
  return weight;
}

/// The weights that the training ended at, all in a row, and PyTorch's.
void prove_weights(const nt::TinyVit& model, const nt::Frozen& frozen, nt::Proofs& proofs) {
  HostArray ours;
  HostArray pytorch;
  const auto append = [](HostArray& row, const HostArray& weight) {
    row.values.insert(row.values.end(), weight.values.begin(), weight.values.end());
    row.shape = {static_cast<std::int64_t>(row.values.size())};
  };
  for (const auto& [name, weight] : model.parameters()) {
    append(ours, without_key_bias(name, weight.data().host()));
    append(pytorch, without_key_bias(name, frozen.floats("adamw/weights.1/" + name)));
  }
  proofs.close("all weights at the end, but the keys' bias", ours, pytorch, kWeights);
}

HostArray logits_of(const nt::TinyVit& model, const HostArray& images) {
  return model(nt::Tensor(nt::op::array(images))).data().host();
}

void prove_training(const Run& run, const nt::Baseline& baseline, nt::Proofs& proofs) {
  const nt::Frozen& frozen = baseline.frozen;
  const nt::Shape steps{static_cast<std::int64_t>(run.log.losses.size())};
  proofs.close("loss of every training step, against PyTorch", {steps, run.log.losses},
               frozen.floats("adamw/losses"), kLosses);
  for (std::size_t epoch = 0; epoch < baseline.adamw.accuracy.size(); ++epoch) {
    const double expected = baseline.adamw.accuracy[epoch];
    proofs.at_most(fmt::format("accuracy after epoch {}, PyTorch's {}", epoch, expected), "|d|",
                   std::abs(run.log.accuracy.at(epoch) - expected), kAccuracy);
  }
  prove_weights(run.model, frozen, proofs);
  const HostArray& logits = frozen.floats("adamw/logits.1");
  proofs.close("logits of X_ref at the end", logits_of(run.model, baseline.x_ref), logits, kLogits);
  nt::NamedArrays weights;
  for (const auto& [name, weight] : run.model.parameters()) {
    weights.emplace_back(name, without_key_bias(name, weight.data().host()));
  }
  proofs.close("the same with the keys' bias set to 0",
               logits_of(nt::with_weights({}, weights), baseline.x_ref), logits, kLogits);
}

void show_and_prove(const nt::Options& options, nt::Proofs& proofs) {
  nt::install_patches();
  nt::set_backend(options.backend);
  const nt::Baseline baseline = nt::load_baseline(options.data);
  show_bias_correction();
  const Run run = train(baseline);
  show_training(run, baseline);
  show_steps(run.last_step, baseline.sgd);

  const nt::Frozen operations = nt::Frozen::open("operations");
  for (const auto& [name, settings] : nt::kTenSteps) {
    proofs.close(fmt::format("ten steps of '{}', against PyTorch", name),
                 nt::take_ten_steps(nt::composed_adamw, settings, operations),
                 operations.floats(fmt::format("optimizers/{}", name)), kFixtures);
  }
  prove_training(run, baseline, proofs);
}

}  // namespace

nt::Program nt::program() {
  return {.name = "stage 12 adamw",
          .summary = "AdamW: two epochs on PyTorch's losses, and how long every weight's step is",
          .backends = {nt::Backend::naive, nt::Backend::eigen},
          .run = show_and_prove};
}
