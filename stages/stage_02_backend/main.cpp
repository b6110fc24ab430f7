// stage_02_backend: prints the op table, trains the reference model through it, and proves that not
// a bit of the result has changed.

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <functional>

#include "core/errors.hpp"
#include "program/program.hpp"
#include "rows.hpp"
#include "terminal/progress.hpp"
#include "terminal/table.hpp"
#include "through_table.hpp"
#include "training.hpp"

namespace {

/// "stage 2" where a kernel is, "(composed)" where the fallback serves, "stage 17 adds it" where
/// neither does.
std::string cell(const nt::OpRow& row, nt::Backend backend) {
  if (row.has_kernel(backend)) return fmt::format("stage {}", row.stage(backend));
  if (row.has_fallback()) return "(composed)";
  return fmt::format("stage {} adds it", row.stage(backend));
}

void show_table() {
  nt::Table table({"operation", "eigen", "naive", "fast"});
  for (const nt::OpRow* row : nt::op_table()) {
    std::vector<std::string> cells{std::string(row->name())};
    for (const nt::Backend backend : nt::kBackends) cells.push_back(cell(*row, backend));
    table.add(cells);
  }
  fmt::print("\nThe op table, operations by backends:\n{}\n", table.text());
}

/// What the table says to mistakes.
void show_errors() {
  const auto show = [](const char* what, const std::function<void()>& mistake) {
    try {
      mistake();
    } catch (const nt::Error& error) {
      fmt::print("{:<22} {}\n", what, error.what());
    }
  };
  const nt::Array a = nt::op::array({{2, 3}, std::vector<float>(6)});
  const nt::Array b = nt::op::array({{4, 5}, std::vector<float>(20)});
  show("a rule broken:", [&] { nt::op::matmul(a, b); });
  show("an unknown backend:", [] { nt::set_backend("cuda"); });
  show("mixed backends:", [&] { nt::set_backend("naive"), nt::op::exp(a); });
  show("a missing kernel:", [] { nt::op::array({{1}, {0}}); });
  nt::set_backend("eigen");
}

/// How many of the floats differ in any bit.
std::size_t different(const std::vector<float>& a, const std::vector<float>& b) {
  std::size_t count = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    count += std::bit_cast<std::uint32_t>(a[i]) != std::bit_cast<std::uint32_t>(b[i]);
  }
  return count;
}

void show_and_prove(const nt::Options& options, nt::Proofs& proofs) {
  nt::install_eigen();
  nt::set_backend(options.backend);
  const nt::Baseline baseline = nt::load_baseline(options.data);
  show_table();
  show_errors();

  const int steps = baseline.adamw.steps;
  fmt::print("\nTraining twice: with Eigen's operations, then with the table's rows.\n");
  nt::Progress progress("training", 2 * steps);
  const auto on_step = [&](float loss) {
    progress.step(fmt::format("loss {:.4f}", loss));
    nt::stop_if_interrupted();
  };
  const auto direct = train(nt::by_hand::eigen_operations(), baseline, steps, on_step);
  const auto table = train(nt::by_hand::table_operations(), baseline, steps, on_step);

  std::size_t weights = 0;
  for (const auto& [name, tensor] : table.parameters) {
    const nt::Tensor& other = direct.parameters.at(name);
    weights += different(tensor.data().host().values, other.data().host().values);
  }
  std::size_t unequal_epochs = 0;
  for (std::size_t epoch = 0; epoch < direct.accuracy.size(); ++epoch) {
    unequal_epochs += table.accuracy[epoch] != direct.accuracy[epoch];
  }
  const auto count = [](std::size_t number) { return static_cast<double>(number); };
  proofs.at_most(fmt::format("losses of {} steps, bit for bit", table.losses.size()), "differ",
                 count(different(table.losses, direct.losses)), 0);
  proofs.at_most("weights at the end, bit for bit", "differ", count(weights), 0);
  proofs.at_most("accuracy of every epoch", "differ", count(unequal_epochs), 0);
  proofs.close("loss of every step against PyTorch", {{steps}, table.losses},
               baseline.frozen.floats("adamw/losses"), 1e-4);  // stage 1's limit, for its reason
}

}  // namespace

nt::Program nt::program() {
  return {.name = "stage 02 backend",
          .summary = "The op table: the same training through it, bit for bit",
          .backends = {nt::Backend::eigen},
          .run = show_and_prove};
}
