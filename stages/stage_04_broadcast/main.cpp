// stage_04_broadcast: shows broadcasting on a small example, sends X_ref through the model as one
// batch, and compares the operations with numpy on thousands of shapes.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>

#include "baseline.hpp"
#include "inference_batched.hpp"
#include "install_broadcast.hpp"
#include "numpy_cases.hpp"
#include "program/program.hpp"
#include "rows.hpp"
#include "terminal/table.hpp"

namespace {

/// float32 against float64 through the whole model; measured: at most 2.4e-6 on either data set, on
/// every backend.
constexpr double kLimit = 1e-5;

using nt::Array;

void show(const std::string& name, const Array& x) {
  fmt::print("{:<16} {:<9} {}\n", name, x.shape().text(), fmt::join(x.host().values, "  "));
}

/// A column plus a row is a table of all sums; a mean over an axis is what each column averages.
void show_broadcasting() {
  const Array column = nt::op::array({{3, 1}, {10, 20, 30}});
  const Array row = nt::op::array({{4}, {1, 2, 3, 4}});
  const Array table = nt::op::add(column, row);
  fmt::print("\n");
  show("column", column);
  show("row", row);
  show("column + row", table);
  show("mean, axis 0", nt::op::mean(table, {0}, false));
  show("max, axis -1", nt::op::max(table, {-1}, true));
  fmt::print("\n");
}

void prove_numpy(nt::Proofs& proofs) {
  for (const nt::NumpyResult& result : nt::compare_with_numpy(nt::Frozen::open("numpy"))) {
    proofs.at_most(fmt::format("numpy's {} on {} random shapes", result.name, result.cases),
                   "differ", static_cast<double>(result.wrong), 0);
  }
}

/// How long a batch of 32 images takes, in seconds: the median of five.
void show_speed(const nt::Baseline& baseline) {
  const nt::HostArray batch = baseline.data.test.normalised(nt::range(0, 32));
  const auto weights = baseline.frozen.group("initial/weights/");
  std::vector<double> seconds;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    nt::infer_batched(weights, batch);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    seconds.push_back(elapsed.count());
  }
  std::sort(seconds.begin(), seconds.end());
  fmt::print("32 images forward on '{}': {:.0f} ms\n\n", nt::name(nt::current_backend()),
             1000 * seconds[2]);
}

void show_and_prove(const nt::Options& options, nt::Proofs& proofs) {
  nt::install_broadcast();
  nt::set_backend(options.backend);
  const nt::Baseline baseline = nt::load_baseline(options.data);
  const nt::Frozen& frozen = baseline.frozen;
  show_broadcasting();
  show_speed(baseline);

  proofs.close("logits of X_ref, initial weights, against PyTorch",
               infer_batched(frozen.group("initial/weights/"), baseline.x_ref),
               frozen.floats("initial/activations/logits"), kLimit);
  proofs.close("logits of X_ref, trained weights, against PyTorch",
               infer_batched(frozen.group("adamw/weights.1/"), baseline.x_ref),
               frozen.floats("adamw/logits.1"), kLimit);
  prove_numpy(proofs);
}

}  // namespace

nt::Program nt::program() {
  return {
      .name = "stage 04 broadcast",
      .summary = "Broadcasting, reductions, views, stacks of matrices: the model again, shorter",
      .backends = {nt::Backend::naive, nt::Backend::eigen},
      .run = show_and_prove};
}
