// stage_06_layers: a small network learns XOR, and what it answers over the whole square is drawn
// as it forms. Then every layer stands beside PyTorch, and the layers of the reference's encoder
// block beside its activations and gradients, with its weights loaded by their names.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "baseline.hpp"
#include "check/compare.hpp"
#include "finite_difference.hpp"
#include "program/program.hpp"
#include "terminal/digit.hpp"
#include "terminal/table.hpp"
#include "xor_problem.hpp"

namespace {

using nt::HostArray;
using nt::Tensor;

constexpr std::int64_t kUnits = 8;
constexpr std::int64_t kPixels = 18;  // along each side of a picture: four of them fill a line

/// float32 against PyTorch's float64; measured: at most 9.6e-7, on either data set and every
/// backend.
constexpr double kLimit = 4e-6;

HostArray answers(const nt::XorNetwork& network, const HostArray& questions) {
  return network(Tensor(nt::op::array(questions))).data().host();
}

/// The answers over the unit square: (kPixels, kPixels), (0, 0) in the lower left corner, so that
/// the four cases are the four corners.
HostArray surface(const nt::XorNetwork& network) {
  HostArray points{{kPixels * kPixels, 2}, {}};
  constexpr float kLast = kPixels - 1;
  for (std::int64_t row = 0; row < kPixels; ++row) {
    for (std::int64_t column = 0; column < kPixels; ++column) {
      points.values.push_back(static_cast<float>(column) / kLast);
      points.values.push_back(1 - static_cast<float>(row) / kLast);
    }
  }
  return {{kPixels, kPixels}, answers(network, points).values};
}

/// Draws how the surface forms, at eight moments from the first to the last step.
void show_learning(std::uint64_t seed) {
  nt::Random random(seed);
  const nt::XorNetwork network(kUnits, random);
  std::vector<HostArray> surfaces;
  nt::learn_xor(network, {}, [&](int) { surfaces.push_back(surface(network)); });

  fmt::print(
      "\nXOR from seed {}: the answer to every (a, b) in the unit square, -1 dark, 1 bright\n",
      seed);
  for (std::size_t first = 0; first < 8; first += 4) {
    std::vector<nt::Picture> line;
    for (std::size_t i = first; i < first + 4; ++i) {
      const std::size_t step = i * (surfaces.size() - 1) / 7;
      line.push_back({surfaces[step], fmt::format("step {}", step)});
    }
    fmt::print("\n{}", nt::draw(line, -1, 1));
  }
  const HostArray learned = answers(network, nt::kXorInputs);
  nt::Table table({"a xor b", "wanted", "answer"});
  for (std::int64_t n = 0; n < 4; ++n) {
    table.add({fmt::format("{} xor {}", nt::kXorInputs[{n, 0}], nt::kXorInputs[{n, 1}]),
               fmt::format("{}", nt::kXorTargets[{n, 0}]), fmt::format("{:.3f}", learned[{n, 0}])});
  }
  fmt::print("\n{}\n", table.text());
}

/// Ten seeds, from this one on: all forty answers are right, and soon.
void prove_xor(std::uint64_t seed, nt::Proofs& proofs) {
  const nt::XorRecipe recipe;
  std::vector<int> steps;
  int wrong = 0;
  for (std::uint64_t i = 0; i < 10; ++i) {
    nt::Random random(seed + i);
    const nt::XorNetwork network(kUnits, random);
    const auto learned = nt::learn_xor(network, recipe, [](int) { nt::stop_if_interrupted(); });
    steps.push_back(learned.value_or(recipe.limit + 1));
    const HostArray learned_answers = answers(network, nt::kXorInputs);
    for (std::int64_t n = 0; n < 4; ++n) {
      const bool right = learned_answers[{n, 0}] * nt::kXorTargets[{n, 0}] > 0;
      wrong += right ? 0 : 1;
    }
  }
  fmt::print("steps from seeds {} to {}: {}\n\n", seed, seed + 9, fmt::join(steps, ", "));
  proofs.at_most("XOR from ten seeds: answers of forty", "wrong", wrong, 0);
  proofs.at_most("XOR from ten seeds: the slowest", "steps",
                 *std::max_element(steps.begin(), steps.end()), recipe.limit);
}

/// What was computed, and what PyTorch computed.
struct Result {
  HostArray actual, expected;
};

/// Proves that all are close, by the first that is not, or else by the one that is furthest off.
void prove_all(const std::string& name, const std::vector<Result>& results, nt::Proofs& proofs) {
  const auto off = [](const Result& r) { return nt::largest_difference(r.actual, r.expected); };
  auto told = std::find_if(results.begin(), results.end(),
                           [&](const Result& r) { return !(off(r) <= kLimit); });
  if (told == results.end()) {
    told = std::max_element(results.begin(), results.end(),
                            [&](const Result& a, const Result& b) { return off(a) < off(b); });
  }
  proofs.close(name, told->actual, told->expected, kLimit);
}

/// A layer's function and the gradients of its inputs, beside PyTorch's.
void prove_layer(const std::string& layer, const std::vector<std::string>& inputs,
                 const nt::TensorFunction& f, nt::Proofs& proofs) {
  static const nt::Frozen frozen = nt::Frozen::open("operations");
  const auto pytorch = [&](const std::string& name) { return frozen.floats(layer + "/" + name); };
  std::vector<Tensor> leaves;
  leaves.reserve(inputs.size());
  for (const std::string& input : inputs) leaves.emplace_back(nt::op::array(pytorch(input)), true);
  nt::Tape tape;
  const Tensor y = f(leaves);
  std::vector<Result> results{{y.data().host(), pytorch("y")}};
  tape.backward(y, nt::op::array(pytorch("dy")));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    results.push_back({leaves[i].grad().host(), pytorch("d" + inputs[i])});
  }
  prove_all(fmt::format("{}: y, d{} against PyTorch", layer, fmt::join(inputs, ", d")), results,
            proofs);
}

nt::TensorFunction of_one(const nt::Activation& f) {
  return [&f](const std::vector<Tensor>& in) { return f(in[0]); };
}

nt::TensorFunction of_three(const nt::WithWeightAndBias& f) {
  return [&f](const std::vector<Tensor>& in) { return f(in[0], in[1], in[2]); };
}

void prove_layers(nt::Proofs& proofs) {
  const std::vector<std::string> three{"x", "weight", "bias"};
  prove_layer("linear", three, of_three(nt::linear), proofs);
  prove_layer("relu", {"x"}, of_one(nt::relu), proofs);
  prove_layer("gelu", {"x"}, of_one(nt::gelu), proofs);
  prove_layer("softmax", {"x"}, of_one(nt::softmax), proofs);
  prove_layer("log_softmax", {"x"}, of_one(nt::log_softmax), proofs);
  prove_layer("layer_norm", three, of_three(nt::layer_norm), proofs);
}

/// The layers of the encoder block that are not attention, under PyTorch's names.
struct EncoderLayers : nt::Module {
  explicit EncoderLayers(nt::Random& random)
      : linear1(own("linear1", nt::Linear(64, 128, random))),
        linear2(own("linear2", nt::Linear(128, 64, random))),
        norm2(own("norm2", nt::LayerNorm(64))) {}
  nt::Linear linear1, linear2;
  nt::LayerNorm norm2;
};

/// X_ref's tokens behind the attention go through norm2, linear1, gelu and linear2.
void prove_encoder_layers(const nt::Frozen& frozen, nt::Proofs& proofs) {
  nt::Random random(1);
  const EncoderLayers layers(random);
  nt::NamedArrays weights;
  for (const auto& [name, parameter] : layers.parameters()) {
    weights.emplace_back(name, frozen.floats("initial/weights/encoder.0." + name));
  }
  nt::load(layers, weights);

  const auto pytorch = [&](const std::string& name) {
    return frozen.floats("initial/activations/encoder.0." + name);
  };
  const Tensor x(nt::op::array(pytorch("residual1")));
  nt::Tape tape;
  const Tensor norm = layers.norm2(x);
  const Tensor inner = layers.linear1(norm);
  const Tensor active = nt::gelu(inner);
  const Tensor outer = layers.linear2(active);
  prove_all("the encoder's norm2, linear1, gelu, linear2 on X_ref",
            {{norm.data().host(), pytorch("norm2")},
             {inner.data().host(), pytorch("linear1")},
             {active.data().host(), pytorch("gelu")},
             {outer.data().host(), pytorch("linear2")}},
            proofs);

  // The block adds linear2's output to x: dy of the block is dy of linear2.
  tape.backward(outer, nt::op::array(frozen.floats("block/dy")));
  std::vector<Result> gradients;
  for (const auto& [name, parameter] : layers.parameters()) {
    gradients.push_back({parameter.grad().host(), frozen.floats("block/gradients/" + name)});
  }
  prove_all("the gradients of their six parameters", gradients, proofs);
}

void show_and_prove(const nt::Options& options, nt::Proofs& proofs) {
  nt::install_gradient_rows();
  nt::set_backend(options.backend);
  const nt::Baseline baseline = nt::load_baseline(options.data);
  const auto seed = static_cast<std::uint64_t>(options.seed);
  show_learning(seed);
  prove_xor(seed, proofs);
  prove_layers(proofs);
  prove_encoder_layers(baseline.frozen, proofs);
}

}  // namespace

nt::Program nt::program() {
  return {.name = "stage 06 layers",
          .summary = "Layers and modules: a small network learns XOR, on PyTorch's numbers",
          .backends = {nt::Backend::naive, nt::Backend::eigen},
          .run = show_and_prove};
}
