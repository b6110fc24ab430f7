#include "optimizer.hpp"

#include <fmt/format.h>

#include <map>

#include "core/errors.hpp"
#include "gradient_rows.hpp"

namespace nt {
namespace {

/// The entries of a state by name, each to be taken once.
class Entries {
 public:
  Entries(std::string_view wanted, const OptimizerState& state) {
    if (state.name != wanted) {
      throw Error(fmt::format("optimizer: the state is of '{}', not of '{}'", state.name, wanted));
    }
    for (const auto& [name, values] : state.buffers) add(buffers_, name, &values);
    for (const auto& [name, steps] : state.steps) add(steps_, name, steps);
  }

  /// The buffer of that name; an empty one where there is none.
  Array buffer(const std::string& name) {
    const auto found = buffers_.extract(name);
    return found ? op::array(*found.mapped()) : Array{};
  }

  std::int64_t steps(const std::string& name) {
    const auto found = steps_.extract(name);
    if (!found) throw Error(fmt::format("optimizer: no steps of '{}'", name));
    return found.mapped();
  }

  void require_all_taken() const {
    if (!buffers_.empty()) refuse(buffers_.begin()->first);
    if (!steps_.empty()) refuse(steps_.begin()->first);
  }

 private:
  template <class Value>
  static void add(std::map<std::string, Value>& entries, const std::string& name, Value value) {
    if (entries.emplace(name, value).second) return;
    throw Error(fmt::format("optimizer: two entries '{}'", name));
  }

  [[noreturn]] static void refuse(const std::string& name) {
    throw Error(fmt::format("optimizer: unknown entry '{}'", name));
  }

  std::map<std::string, const HostArray*> buffers_;
  std::map<std::string, std::int64_t> steps_;
};

void keep(NamedArrays& buffers, const std::string& name, const Array& values) {
  if (values) buffers.emplace_back(name, values.host());
}

class SgdOptimizer final : public Optimizer {
 public:
  explicit SgdOptimizer(const NamedTensors& parameters)
      : parameters_(parameters), sgd_(parameters, {.momentum = 0.9F}) {}

  void step(float lr) override { sgd_.step(lr); }

  OptimizerState state() const override {
    OptimizerState state{"sgd", {}, {}};
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      keep(state.buffers, parameters_[i].first + ".b", sgd_.buffers()[i]);
    }
    return state;
  }

  void restore(const OptimizerState& state) override {
    Entries saved("sgd", state);
    std::vector<Array> buffers;
    for (const auto& [name, weight] : parameters_) buffers.push_back(saved.buffer(name + ".b"));
    saved.require_all_taken();
    sgd_.set_buffers(std::move(buffers));
  }

 private:
  NamedTensors parameters_;
  Sgd sgd_;
};

class AdamWOptimizer final : public Optimizer {
 public:
  explicit AdamWOptimizer(const NamedTensors& parameters)
      : parameters_(parameters), adamw_(parameters, {}) {}

  void step(float lr) override { adamw_.step(lr); }

  OptimizerState state() const override {
    OptimizerState state{"adamw", {}, {}};
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      const std::string& name = parameters_[i].first;
      const Moments& moments = adamw_.moments()[i];
      keep(state.buffers, name + ".m", moments.m);
      keep(state.buffers, name + ".v", moments.v);
      state.steps.emplace_back(name, moments.steps);
    }
    return state;
  }

  void restore(const OptimizerState& state) override {
    Entries saved("adamw", state);
    std::vector<Moments> moments;
    for (const auto& [name, weight] : parameters_) {
      moments.push_back({saved.buffer(name + ".m"), saved.buffer(name + ".v"), saved.steps(name)});
    }
    saved.require_all_taken();
    adamw_.set_moments(std::move(moments));
  }

 private:
  NamedTensors parameters_;
  AdamW adamw_;
};

}  // namespace

std::unique_ptr<Optimizer> make_optimizer(std::string_view name, const NamedTensors& parameters) {
  if (name == "adamw") return std::make_unique<AdamWOptimizer>(parameters);
  if (name == "sgd") return std::make_unique<SgdOptimizer>(parameters);
  throw UsageError(fmt::format("unknown optimizer '{}': expected adamw or sgd", name));
}

}  // namespace nt
