// stage_03_storage: turns a digit by swapping two strides, and sends X_ref through the model with
// nothing but our own storage below it.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "baseline.hpp"
#include "inference_2d.hpp"
#include "install_naive.hpp"
#include "program/program.hpp"
#include "terminal/digit.hpp"

namespace {

/// float32 against float64 through the whole model; measured: at most 2.4e-6 on either data set, on
/// every backend.
constexpr double kLimit = 1e-5;

void describe(const char* name, const nt::Storage& x) {
  fmt::print("{:<22} shape {:<8}  strides [{}]  offset {}  {}\n", name, x.shape().text(),
             fmt::join(x.strides(), ", "), x.offset(),
             x.is_contiguous() ? "contiguous" : "not contiguous");
}

/// One image of X_ref and its transposed view, drawn and described.
void turn_a_digit(const nt::Baseline& baseline, nt::Proofs& proofs) {
  constexpr std::int64_t kPixels = 28 * 28;
  const std::int64_t which = 7;
  const auto first = baseline.x_ref.values.begin() + which * kPixels;
  const nt::Storage digit({28, 28}, {first, first + kPixels});
  const nt::Storage turned = nt::transpose(digit, 0, 1);

  fmt::print("\n");
  describe("the digit", digit);
  describe("transpose(digit, 0, 1)", turned);
  describe("the same, contiguous()", turned.contiguous());
  fmt::print("\n{}\n", nt::draw({{{digit.shape(), digit.values()}, "as it lies in memory"},
                                 {{turned.shape(), turned.values()}, "the same floats, turned"}},
                                -1, 1));

  int differ = 0;
  for (std::int64_t i = 0; i < 28; ++i) {
    for (std::int64_t j = 0; j < 28; ++j) differ += turned.at({i, j}) != digit.at({j, i});
  }
  proofs.at_most("turned[i, j] = digit[j, i]", "differ", differ, 0);
  proofs.at_most("floats copied to turn it", "buffers", turned.shares_buffer_with(digit) ? 0 : 1,
                 0);
}

void show_and_prove(const nt::Options& options, nt::Proofs& proofs) {
  nt::install_storage();
  nt::set_backend(options.backend);
  const nt::Baseline baseline = nt::load_baseline(options.data);
  const nt::Frozen& frozen = baseline.frozen;
  turn_a_digit(baseline, proofs);

  proofs.close("logits of X_ref, initial weights, against PyTorch",
               nt::infer_2d(frozen.group("initial/weights/"), baseline.x_ref),
               frozen.floats("initial/activations/logits"), kLimit);
  proofs.close("logits of X_ref, trained weights, against PyTorch",
               nt::infer_2d(frozen.group("adamw/weights.1/"), baseline.x_ref),
               frozen.floats("adamw/logits.1"), kLimit);
}

}  // namespace

nt::Program nt::program() {
  return {.name = "stage 03 storage",
          .summary = "A buffer, a shape and strides: a digit turned, PyTorch's logits computed",
          .backends = {nt::Backend::naive, nt::Backend::eigen},
          .run = show_and_prove};
}
