// stage_08_encoder: what each part of an encoder block does to the tokens of X_ref, forward and
// back, beside PyTorch; what residuals are for, in stacks of blocks; what dropout leaves out.

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>

#include "baseline.hpp"
#include "check/compare.hpp"
#include "encoder.hpp"
#include "finite_difference.hpp"
#include "program/program.hpp"
#include "terminal/table.hpp"

namespace {

using namespace nt;

// float32 against float64; measured, on both backends and both data sets: layers stray by at most
// 9.6e-7, gradients of weights by 1.2e-6, dx, whose numbers are near 0.02, by 1e-8.
constexpr double kLimit = 4e-6;
constexpr double kInputLimit = 4e-8;
/// The toy block's weights are larger, and its gradients; measured: at most 2e-6.
constexpr double kToyLimit = 8e-6;
/// Finite differences in float32 with h = 2e-3; measured over 200 seeds: at most 1.6e-4. A larger h
/// strays by its square, a smaller one by rounding.
constexpr double kDirectionLimit = 5e-4;

Tensor ones(const Shape& shape) { return Tensor(op::expand(op::number(1), shape), true); }

/// The larger one. NaN counts as larger than every number, so that it fails every limit.
double larger(double a, double b) { return std::isnan(a) || a > b ? a : b; }

/// A block with the weights that are frozen below `group`.
EncoderBlock block_of(const Frozen& frozen, const std::string& group, int heads) {
  const Shape linear1 = frozen.floats(group + "linear1.weight").shape;
  Random random(1);
  EncoderBlock block(linear1[1], heads, linear1[0], random);
  load(block, frozen.group(group));
  return block;
}

/// How long what lies along the last axis is, on the average: the root of the sum of squares.
double mean_length(const Array& x) {
  const Array lengths = op::sqrt(op::sum(op::multiply(x, x), {-1}, false));
  const Array flat = op::reshape(lengths, {lengths.shape().count()});
  return op::mean(flat, {0}, false).host().values.front();
}

/// How far ours is from the expected; infinite for an empty handle, where no gradient arrived.
double off_by(const Array& ours, const HostArray& expected) {
  return ours ? largest_difference(ours.host(), expected) : std::numeric_limits<double>::infinity();
}

/// A row of a table: name, shape, mean length along the last axis, how far off. Returns the last.
double add_row(Table& table, const std::string& name, const Array& ours, const HostArray& pytorch) {
  const double off = off_by(ours, pytorch);
  table.add({name, ours ? ours.shape().text() : "nothing arrived",
             ours ? fmt::format("{:.2f}", mean_length(ours)) : "", fmt::format("{:.1e}", off)});
  return off;
}

/// The largest differences from PyTorch.
struct Off {
  double layers = 0;
  double weights = 0;  ///< of the weights' gradients
  double dx = 0;
};

/// X_ref through the block with PyTorch's initial weights, and a dy back.
Off show_block(const Frozen& frozen) {
  Off off;
  const EncoderBlock block = block_of(frozen, "initial/weights/encoder.0.", 4);
  const HostArray& tokens = frozen.floats("initial/activations/position_embedding");
  const Tensor x(op::array(tokens), true);

  Tape tape;
  std::map<std::string, Array> told;
  const Tensor y = block(x, [&](const std::string& layer, const Tensor& activation) {
    told[layer] = activation.data();
  });
  tape.backward(y, op::array(frozen.floats("block/dy")));

  Table layers({"layer", "what comes out", "token's length", "off PyTorch by"});
  add_row(layers, "x", x.data(), tokens);
  for (const auto& [layer, pytorch] : frozen.group("initial/activations/encoder.0.")) {
    off.layers = larger(off.layers, add_row(layers, layer, told[layer], pytorch));
  }
  Table gradients({"gradient of", "shape", "row's length", "off PyTorch by"});
  off.dx = add_row(gradients, "x", x.grad(), frozen.floats("block/dx"));
  for (const auto& [name, parameter] : block.parameters()) {
    const HostArray& pytorch = frozen.floats("block/gradients/" + name);
    off.weights = larger(off.weights, add_row(gradients, name, parameter.grad(), pytorch));
  }
  fmt::print("\n{}\n{}\n", layers.text(), gradients.text());
  return off;
}

/// How alike the tokens of a sequence are: the length of their mean over the mean of their lengths,
/// 1 when all are equal, near 0 when they point anywhere.   x: (B, T, C)
double likeness(const Array& x) { return mean_length(op::mean(x, {1}, false)) / mean_length(x); }

/// The block with nothing added to what was read.
Tensor without_residuals(const EncoderBlock& block, const Tensor& x) {
  const Tensor heard = block.self_attn(block.norm1(x));
  return block.linear2(gelu(block.linear1(block.norm2(heard))));
}

/// X_ref through a stack of blocks, and dy back: what arrives at either end.
void show_depth(const Frozen& frozen, Random random) {
  Table table({"blocks", "tokens alike", "|dx| / |dy|", "without residuals: alike", "|dx| / |dy|"});
  std::vector<EncoderBlock> blocks;
  for (const std::size_t depth : {1U, 2U, 4U, 8U, 16U}) {
    while (blocks.size() < depth) blocks.emplace_back(64, 4, 128, random);
    std::vector<std::string> row{fmt::format("{}", depth)};
    for (const bool residual : {true, false}) {
      const Tensor x(op::array(frozen.floats("initial/activations/position_embedding")), true);
      const Array dy = op::array(frozen.floats("block/dy"));
      Tape tape;
      Tensor y = x;
      for (const EncoderBlock& block : blocks) {
        y = residual ? block(y) : without_residuals(block, y);
      }
      tape.backward(y, dy);
      row.push_back(fmt::format("{:.3f}", likeness(y.data())));
      row.push_back(fmt::format("{:.4f}", mean_length(x.grad()) / mean_length(dy)));
    }
    table.add(row);
  }
  fmt::print("{}\n", table.text());
}

/// The block as a function of x and its parameters: of `at`, x first, then as in parameters().
Tensor block_at(EncoderBlock block, const std::vector<Tensor>& at) {
  MultiHeadAttention& attention = block.self_attn;
  Tensor* const parameters[] = {
      &attention.in_proj_weight, &attention.in_proj_bias, &attention.out_proj.weight,
      &attention.out_proj.bias,  &block.linear1.weight,   &block.linear1.bias,
      &block.linear2.weight,     &block.linear2.bias,     &block.norm1.weight,
      &block.norm1.bias,         &block.norm2.weight,     &block.norm2.bias};
  for (std::size_t i = 0; i < std::size(parameters); ++i) *parameters[i] = at[i + 1];
  return block(at[0]);
}

/// A block whose weights are all drawn at random, against PyTorch and finite differences.
void prove_toy(Random random, Proofs& proofs) {
  const Frozen frozen = Frozen::open("operations");
  const EncoderBlock block = block_of(frozen, "encoder/weights/", 2);
  std::vector<HostArray> at{frozen.floats("encoder/x")};
  const Tensor x(op::array(at[0]), true);
  Tape tape;
  const Tensor y = block(x);
  tape.backward(y, op::array(frozen.floats("encoder/dy")));
  double off = larger(off_by(y.data(), frozen.floats("encoder/y")),
                      off_by(x.grad(), frozen.floats("encoder/dx")));
  for (const auto& [name, parameter] : block.parameters()) {
    off = larger(off, off_by(parameter.grad(), frozen.floats("encoder/gradients/" + name)));
    at.push_back(parameter.data().host());
  }
  proofs.at_most("toy block, forward and back, against PyTorch", "max |d|", off, kToyLimit);

  const auto f = [&](const std::vector<Tensor>& point) { return block_at(block, point); };
  proofs.at_most("toy block, gradient along random directions", "relative",
                 gradient_error(f, at, random, 3, 2e-3F), kDirectionLimit);
}

/// Rows of 1 .. 8 through dropout: twice one row, and ten thousand averaged.
void show_dropout(Dropout half) {
  const Array row = op::array({{8}, {1, 2, 3, 4, 5, 6, 7, 8}});
  const auto print = [](const char* name, const Array& x, int digits) {
    fmt::print("{:<26}", name);
    for (const float number : x.host().values) fmt::print("{:>7.{}f}", number, digits);
    fmt::print("\n");
  };
  print("x", row, 0);
  print("dropout, p = 0.5", half(Tensor(row)).data(), 0);
  print("again", half(Tensor(row)).data(), 0);
  const Tensor many(op::expand(row, {10000, 8}));
  print("the mean of 10000 draws", op::mean(half(many).data(), {0}, false), 2);
  fmt::print("\n");
}

void prove_dropout(const Random& random, Proofs& proofs) {
  constexpr double p = 0.1;
  const Tensor x = ones({1000, 1000});
  Tape tape;
  const Tensor y = Dropout(0.1F, random)(x);
  tape.backward(y, ones(y.shape()).data());
  const HostArray factors = y.data().host();
  double left_out = 0;
  double mean = 0;  // in double: a million floats added up in float drift
  for (const float factor : factors.values) {
    left_out += (factor == 0 ? 1 : 0) / 1e6;
    mean += factor / 1e6;
  }
  // A million independent draws: beyond five standard errors lies one seed in 1.7 million.
  const double error = 5 * std::sqrt(p * (1 - p) / 1e6);
  proofs.at_most("dropout leaves out p of the numbers", "|share - p|", std::abs(left_out - p),
                 error);
  proofs.at_most("dropout keeps the mean", "|mean - 1|", std::abs(mean - 1), error / (1 - p));
  proofs.at_most("dropout's gradient has the factors of its result", "max |d|",
                 off_by(x.grad(), factors), 0);
}

/// What must not change a single bit.
void prove_identities(const Frozen& frozen, Proofs& proofs) {
  const Tensor x(op::array(frozen.floats("initial/activations/position_embedding")));
  Random random(1);
  const MultiHeadAttention one_head(64, 1, random);
  const SelfAttention& attention = one_head;
  proofs.close("one head is stage 7's attention", one_head(x).data().host(),
               attention(x).data().host(), 0);

  const EncoderBlock block = block_of(frozen, "initial/weights/encoder.0.", 4);
  for (Linear last : {block.self_attn.out_proj, block.linear2}) {
    last.weight.set_data(op::multiply(last.weight.data(), op::number(0)));
    last.bias.set_data(op::multiply(last.bias.data(), op::number(0)));
  }
  proofs.close("a block with nothing to add hands x on", block(x).data().host(), x.data().host(),
               0);
}

void show_and_prove(const Options& options, Proofs& proofs) {
  install_gradient_rows();
  set_backend(options.backend);
  const Baseline baseline = load_baseline(options.data);
  const Frozen& frozen = baseline.frozen;
  const Random random(static_cast<std::uint64_t>(options.seed));
  const Off off = show_block(frozen);
  show_depth(frozen, random);
  show_dropout(Dropout(0.5F, random));

  proofs.at_most("every layer on X_ref, against PyTorch", "max |d|", off.layers, kLimit);
  proofs.at_most("gradient of every weight, against PyTorch", "max |d|", off.weights, kLimit);
  proofs.at_most("dx, against PyTorch", "max |d|", off.dx, kInputLimit);
  prove_toy(random, proofs);
  prove_dropout(random, proofs);
  prove_identities(frozen, proofs);
}

}  // namespace

nt::Program nt::program() {
  return {.name = "stage 08 encoder",
          .summary = "Heads, residuals, an MLP, dropout: an encoder block that equals PyTorch's",
          .backends = {nt::Backend::naive, nt::Backend::eigen},
          .run = show_and_prove};
}
