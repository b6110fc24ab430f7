// Both optimizers as a training loop knows them: their steps are those of stages 11 and 12, and
// what they remember can be taken out and put back.

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "small_run.hpp"

namespace nt {
namespace {

Array row(const std::vector<float>& values) { return op::array({{std::ssize(values)}, values}); }

/// Two parameters, of 2 and 3 numbers.
NamedTensors parameters() {
  return {{"a", Tensor(row({1, -2}), true)}, {"b", Tensor(row({0.5F, 3, -1}), true)}};
}

/// Steps with gradients that change from one to the next.
template <class Stepper>
void take_steps(Stepper& optimizer, NamedTensors& parameters, int from, int to) {
  for (int step = from; step < to; ++step) {
    const auto x = static_cast<float>(step + 1);
    parameters[0].second.set_grad(row({x, -1}));
    parameters[1].second.set_grad(row({0.25F * x, 2, -x}));
    optimizer.step(0.1F / x);
  }
}

std::vector<float> values_of(const NamedTensors& parameters) {
  std::vector<float> values;
  for (const auto& [name, weight] : parameters) {
    for (const float value : weight.data().host().values) values.push_back(value);
  }
  return values;
}

template <class Direct>
std::vector<float> after_five(Direct make) {
  NamedTensors weights = parameters();
  auto optimizer = make(weights);
  take_steps(*optimizer, weights, 0, 5);
  return values_of(weights);
}

TEST_CASE("adamw is stage 12's with the baseline's decay, sgd stage 11's with its momentum",
          "[stage_14]") {
  use(Backend::naive);
  const auto named = [](const char* name) {
    return [name](const NamedTensors& weights) { return make_optimizer(name, weights); };
  };
  CHECK(after_five(named("adamw")) == after_five([](const NamedTensors& weights) {
          return std::make_unique<AdamW>(weights, AdamWSettings{.weight_decay = 0.01F});
        }));
  CHECK(after_five(named("sgd")) == after_five([](const NamedTensors& weights) {
          return std::make_unique<Sgd>(weights, SgdSettings{.momentum = 0.9F});
        }));
  CHECK_THROWS_WITH(make_optimizer("adam", parameters()),
                    "unknown optimizer 'adam': expected adamw or sgd");
}

TEST_CASE("what is remembered has the parameter's name and a suffix", "[stage_14]") {
  use(Backend::naive);
  NamedTensors weights = parameters();
  const auto names = [](const OptimizerState& state) {
    std::string all = state.name;
    for (const auto& [name, values] : state.buffers) all += " " + name + values.shape.text();
    for (const auto& [name, steps] : state.steps) all += " " + name + std::to_string(steps);
    return all;
  };
  const auto adamw = make_optimizer("adamw", weights);
  const auto sgd = make_optimizer("sgd", weights);
  CHECK(names(adamw->state()) == "adamw a0 b0");
  CHECK(names(sgd->state()) == "sgd");
  take_steps(*adamw, weights, 0, 2);
  take_steps(*sgd, weights, 0, 2);
  CHECK(names(adamw->state()) == "adamw a.m(2) a.v(2) b.m(3) b.v(3) a2 b2");
  CHECK(names(sgd->state()) == "sgd a.b(2) b.b(3)");
}

TEST_CASE("an optimizer goes on from another one's state", "[stage_14]") {
  for (const char* name : {"adamw", "sgd"}) {
    for (const Backend backend : {Backend::naive, Backend::eigen}) {
      use(backend);
      for (const int stop : {0, 2}) {
        CAPTURE(name, stop);
        NamedTensors weights = parameters();
        const auto optimizer = make_optimizer(name, weights);
        take_steps(*optimizer, weights, 0, stop);
        NamedTensors others = parameters();
        const auto other = make_optimizer(name, others);
        take_steps(*other, others, 0, 1);  // forgotten when it is restored
        for (std::size_t i = 0; i < weights.size(); ++i) {
          others[i].second.set_data(weights[i].second.data());
        }
        other->restore(optimizer->state());
        take_steps(*optimizer, weights, stop, 5);
        take_steps(*other, others, stop, 5);
        CHECK(values_of(others) == values_of(weights));
      }
    }
  }
}

TEST_CASE("a state that is not one's own is refused, and one's own stays", "[stage_14]") {
  use(Backend::naive);
  NamedTensors weights = parameters();
  const auto adamw = make_optimizer("adamw", weights);
  take_steps(*adamw, weights, 0, 2);
  const OptimizerState own = adamw->state();
  const auto refused = [&](const auto& spoil, const char* text) {
    OptimizerState state = own;
    spoil(state);
    CHECK_THROWS_WITH(adamw->restore(state), text);
    CHECK(same(adamw->state().buffers, own.buffers));
    CHECK(adamw->state().steps == own.steps);
  };
  refused([](OptimizerState& s) { s.name = "sgd"; },
          "optimizer: the state is of 'sgd', not of 'adamw'");
  refused([](OptimizerState& s) { s.buffers.push_back(s.buffers.front()); },
          "optimizer: two entries 'a.m'");
  refused([](OptimizerState& s) { s.steps.push_back(s.steps.front()); },
          "optimizer: two entries 'a'");
  refused([](OptimizerState& s) { s.steps.pop_back(); }, "optimizer: no steps of 'b'");
  refused([](OptimizerState& s) { s.steps.emplace_back("c", 1); }, "optimizer: unknown entry 'c'");
  refused([](OptimizerState& s) { s.buffers.back().first = "b.b"; },
          "optimizer: unknown entry 'b.b'");
  refused([](OptimizerState& s) { s.buffers.pop_back(); },
          "adamw: moments of 'b' after 2 steps should be (3), found none");
  const auto sgd = make_optimizer("sgd", weights);
  CHECK_THROWS_WITH(sgd->restore(own), "optimizer: the state is of 'adamw', not of 'sgd'");
  CHECK_THROWS_WITH(sgd->restore({"sgd", {{"a.b", {{3}, {1, 2, 3}}}}, {}}),
                    "sgd: the buffer of 'a' should be (2), found (3)");
  CHECK_THROWS_WITH(sgd->restore({"sgd", {}, {{"a", 1}}}), "optimizer: unknown entry 'a'");
}

}  // namespace
}  // namespace nt
