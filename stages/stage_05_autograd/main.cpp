// stage_05_autograd: differentiates x^3 in two ways, draws the graph of a small expression with its
// gradients, and judges the derivative of every operation by finite differences.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <map>

#include "check/compare.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"
#include "frozen.hpp"
#include "gradient_cases.hpp"
#include "graph.hpp"
#include "program/program.hpp"
#include "tensor_ops.hpp"
#include "terminal/table.hpp"

namespace {

using namespace nt;

/// The finite difference's own noise: at most 2.8e-4 with 3000 seeds (see finite_difference.hpp).
constexpr double kDifferenceLimit = 1e-3;
/// A few roundings; measured: at most 4.0e-7 of the largest with 300 seeds.
constexpr double kColumnLimit = 1e-6;
/// Sums of up to ten float32 products against PyTorch's float64; measured: 9.5e-7 on both backends.
constexpr double kPyTorchLimit = 3e-6;

constexpr int kChain = 1'000'000;

/// The larger error; NaN is larger than any.
double worse(double a, double b) { return std::isnan(a) || a > b ? a : b; }

Tensor cube(const Tensor& x) { return x * x * x; }

float slope_by_tape(float at) {
  const Tensor x(op::number(at), true);
  Tape tape;
  tape.backward(cube(x));
  return x.grad().host().values[0];
}

double slope_by_difference(float at, float h) {
  const Scalar loss = [](const std::vector<HostArray>& x) {
    return cube(Tensor(op::array(x[0]))).data().host().values[0];
  };
  return directional_difference(loss, {{{}, {at}}}, {{{}, {1}}}, h);
}

/// The slope of x^3 from the tape and from the difference, beside the formula's.
void show_cube(Proofs& proofs) {
  Table table({"x", "x^3", "tape", "difference", "3 x^2"});
  double worst = 0;
  for (const float x : {-2.0F, -0.5F, 0.0F, 1.0F, 3.0F}) {
    const float slope = slope_by_tape(x);
    worst = std::max(worst, difference(slope, 3 * x * x));
    table.add({fmt::format("{}", x), fmt::format("{}", x * x * x), fmt::format("{}", slope),
               fmt::format("{:.5f}", slope_by_difference(x, 4e-3F)), fmt::format("{}", 3 * x * x)});
  }
  fmt::print("\nThe slope of x^3, with a step of 0.004 for the difference\n\n{}\n", table.text());
  // Each product of these numbers is one that float32 holds.
  proofs.at_most("slope of x^3 by the tape, against 3 x^2", "max |d|", worst, 0);
}

/// How far the difference is off, long steps and short ones.
void show_steps() {
  Table table({"step h", "difference", "off by"});
  for (const float h : {1.0F, 1e-1F, 1e-2F, 4e-3F, 1e-3F, 1e-4F, 1e-5F, 1e-6F}) {
    const double slope = slope_by_difference(2, h);
    table.add({fmt::format("{:g}", h), fmt::format("{:.5f}", slope),
               fmt::format("{:.5f}", std::abs(slope - 12))});
  }
  fmt::print("\nThe slope of x^3 at 2, which is 12, by steps of different length\n\n{}\n",
             table.text());
}

/// loss = sum of (w x + b)^2, worked by hand:
///   w x = (2, 4, 6),  e = w x + b = (-1, 1, 3),  loss = 1 + 1 + 9
///   de = 2 e = (-2, 2, 6),  db = -2 + 2 + 6,  dw = -2 * 1 + 2 * 2 + 6 * 3,  dx = 2 (-2, 2, 6)
void show_graph(Proofs& proofs) {
  const Tensor w(op::number(2), true);
  const Tensor x(op::array({{3}, {1, 2, 3}}), true);
  const Tensor b(op::number(-3), true);
  Tape tape;
  const Tensor e = w * x + b;
  const Tensor loss = sum(e * e, {0});
  const std::vector<Array> gradients = tape.gradients(loss, op::number(1));
  const LeafNames names{{w.identity(), "w"}, {x.identity(), "x"}, {b.identity(), "b"}};
  fmt::print("\nThe graph of sum (w x + b)^2\n\n{}\n", graph_text(tape, gradients, names));

  const std::filesystem::path file = project_root() / "out" / "stage_05_graph.svg";
  std::filesystem::create_directories(file.parent_path());
  write_file(file, graph_svg(tape, gradients, names));
  fmt::print("the same as a picture: {}\n\n", shown(file));

  tape.backward(loss);
  proofs.close("dw of sum (w x + b)^2, by hand", w.grad().host(), {{}, {20}}, 0);
  proofs.close("dx of sum (w x + b)^2, by hand", x.grad().host(), {{3}, {-4, 4, 12}}, 0);
  proofs.close("db of sum (w x + b)^2, by hand", b.grad().host(), {{}, {6}}, 0);
}

/// The worst error of every operation's gradient, in the order of their names.
void prove_operations(const std::vector<GradientCase>& cases, Random& random, Proofs& proofs) {
  struct Row {
    int cases = 0;
    double worst = 0;
  };
  std::map<std::string, Row> rows;
  for (const GradientCase& one : cases) {
    Row& row = rows[one.op];
    ++row.cases;
    row.worst = worse(row.worst, gradient_error(one.f, one.x, random));
  }
  for (const auto& [name, row] : rows) {
    proofs.at_most(fmt::format("gradient of {}, {} cases, against differences", name, row.cases),
                   "relative", row.worst, kDifferenceLimit);
  }
}

/// The same gradients on both backends; relative to those that are larger than 1.
void prove_columns(const std::vector<GradientCase>& cases, const Options& options, Proofs& proofs) {
  double worst = 0;
  for (const GradientCase& one : cases) {
    set_backend(Backend::naive);
    const std::vector<HostArray> naive = gradients_of(one, 1);
    set_backend(Backend::eigen);
    const std::vector<HostArray> eigen = gradients_of(one, 1);
    for (std::size_t n = 0; n < naive.size(); ++n) {
      double largest = 1;
      for (const float dx : eigen[n].values) largest = std::max<double>(largest, std::abs(dx));
      worst = worse(worst, largest_difference(naive[n], eigen[n]) / largest);
    }
  }
  set_backend(options.backend);
  proofs.at_most("all gradients, naive against eigen", "relative", worst, kColumnLimit);
}

/// y = x W^T + b, the layer of which networks are made: PyTorch has computed its gradients.
void prove_pytorch(Proofs& proofs) {
  const Frozen frozen = Frozen::open("operations");
  const auto leaf = [&](const char* name) { return Tensor(op::array(frozen.floats(name)), true); };
  const Tensor x = leaf("linear/x");
  const Tensor weight = leaf("linear/weight");
  const Tensor bias = leaf("linear/bias");
  Tape tape;
  const Tensor y = matmul(x, transpose(weight, 0, 1)) + bias;
  tape.backward(y, op::array(frozen.floats("linear/dy")));
  proofs.close("dx of x W^T + b, against PyTorch's", x.grad().host(), frozen.floats("linear/dx"),
               kPyTorchLimit);
  proofs.close("dW of x W^T + b, against PyTorch's", weight.grad().host(),
               frozen.floats("linear/dweight"), kPyTorchLimit);
  proofs.close("db of x W^T + b, against PyTorch's", bias.grad().host(),
               frozen.floats("linear/dbias"), kPyTorchLimit);
}

/// x + x + ... + x: a chain of a million nodes, each of which needs x as well.
void prove_chain(Proofs& proofs) {
  const Tensor x(op::number(1), true);
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  Tape tape;
  Tensor y = x;
  for (int i = 0; i < kChain; ++i) {
    y = y + x;
    if (i % 10'000 == 0) stop_if_interrupted();
  }
  const double recorded = seconds();
  tape.backward(y);
  fmt::print(
      "\na chain of {} nodes: recorded in {:.1f} s, differentiated and freed in {:.1f} s\n\n",
      kChain, recorded, seconds() - recorded);
  // Whole numbers up to 2^24 are exact.
  proofs.close("dx of that chain, which is 1 000 001", x.grad().host(), {{}, {kChain + 1}}, 0);
}

void show_and_prove(const Options& options, Proofs& proofs) {
  install_gradient_rows();
  set_backend(options.backend);
  const auto seed = static_cast<std::uint64_t>(options.seed);
  const std::vector<GradientCase> cases = gradient_cases(seed);
  Random random(seed);
  show_cube(proofs);
  show_steps();
  show_graph(proofs);
  prove_operations(cases, random, proofs);
  prove_columns(cases, options, proofs);
  prove_pytorch(proofs);
  prove_chain(proofs);
}

}  // namespace

nt::Program nt::program() {
  return {
      .name = "stage 05 autograd",
      .summary = "A tape that differentiates what it has recorded, judged by finite differences",
      .backends = {nt::Backend::naive, nt::Backend::eigen},
      .run = show_and_prove};
}
