// The optimizer: its steps by hand and PyTorch's, and what it leaves alone.

#include <cmath>
#include <limits>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/errors.hpp"
#include "frozen.hpp"
#include "gradient_rows.hpp"
#include "sgd.hpp"

namespace nt {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
HostArray row(std::vector<float> values) { return {{std::ssize(values)}, std::move(values)}; }

Tensor parameter(const HostArray& values) { return Tensor(op::array(values), true); }

/// A parameter that has a gradient.
Tensor with_grad(const HostArray& values, const HostArray& gradient) {
  Tensor tensor = parameter(values);
  tensor.set_grad(op::array(gradient));
  return tensor;
}

/// Array number `step` of those that lie one behind the other.   (N, ...) -> (...)
HostArray part(const HostArray& steps, std::int64_t step) {
  const Shape shape(std::vector<std::int64_t>(steps.shape.begin() + 1, steps.shape.end()));
  const auto first = steps.values.begin() + step * shape.count();
  return {shape, {first, first + shape.count()}};
}

TEST_CASE("plain SGD goes against the gradient by the rate", "[stage_11][11.2]") {
  use(Backend::naive);
  const Tensor w = with_grad(row({1, 2, 3}), row({0.5F, -1, 0}));
  Sgd({{"w", w}}, {.lr = 0.5F}).step();
  CHECK_THAT(w.data(), close_to(row({0.75F, 2.5F, 3}), 0));
}

TEST_CASE("momentum keeps a share of the buffer, and the first gradient enters whole",
          "[stage_11][11.2]") {
  use(Backend::naive);
  struct Row {
    SgdSettings settings;
    std::vector<float> weights;  // from 0, after each of three steps with the gradient 1, lr 1
  };
  const Row rows[] = {
      {{.lr = 1}, {-1, -2, -3}},
      // b is 1, 1.5, 1.75
      {{.lr = 1, .momentum = 0.5F}, {-1, -2.5F, -4.25F}},
      // b is 1, 1.25, 1.375
      {{.lr = 1, .momentum = 0.5F, .dampening = 0.25F}, {-1, -2.25F, -3.625F}},
      // d is 1.5, 1.75, 1.875
      {{.lr = 1, .momentum = 0.5F, .nesterov = true}, {-1.5F, -3.25F, -5.125F}},
      // without a buffer there is nothing to dampen
      {{.lr = 1, .dampening = 0.5F}, {-1, -2, -3}},
  };
  for (const auto& [settings, weights] : rows) {
    CAPTURE(settings.momentum, settings.dampening, settings.nesterov);
    const Tensor w = with_grad(row({0}), row({1}));
    Sgd sgd({{"w", w}}, settings);
    for (const float expected : weights) {
      sgd.step();
      CHECK_THAT(w.data(), close_to(row({expected}), 0));
    }
  }
}

TEST_CASE("weight decay joins the gradient before momentum does", "[stage_11][11.2]") {
  use(Backend::naive);
  const Tensor w = with_grad(row({8}), row({0}));
  Sgd sgd({{"w", w}}, {.lr = 1, .momentum = 0.5F, .weight_decay = 0.25F});
  sgd.step();  // g = 2, b = 2
  CHECK_THAT(w.data(), close_to(row({6}), 0));
  sgd.step();  // g = 1.5, b = 2.5
  CHECK_THAT(w.data(), close_to(row({3.5F}), 0));
  CHECK_THAT(w.grad(), close_to(row({0}), 0));
}

TEST_CASE("ten steps of SGD are PyTorch's, for each of its settings", "[stage_11][11.2]") {
  const Frozen frozen = Frozen::open("operations");
  const HostArray& start = frozen.floats("optimizers/start");
  const HostArray& gradients = frozen.floats("optimizers/gradients");  // (10, 4, 3)
  const std::pair<const char*, SgdSettings> all[] = {
      {"sgd", {.lr = 0.1F}},
      {"sgd_momentum", {.lr = 0.1F, .momentum = 0.9F}},
      {"sgd_dampening", {.lr = 0.1F, .momentum = 0.9F, .dampening = 0.5F}},
      {"sgd_nesterov", {.lr = 0.1F, .momentum = 0.9F, .nesterov = true}},
      {"sgd_weight_decay", {.lr = 0.1F, .momentum = 0.9F, .weight_decay = 0.1F}},
  };
  for (const Backend backend : kBoth) {
    use(backend);
    for (const auto& [name, settings] : all) {
      const HostArray& expected = frozen.floats(std::string("optimizers/") + name);
      // The second one stands still, so that a buffer which both share would show.
      Tensor w = parameter(start);
      const Tensor still = with_grad(start, {start.shape, std::vector<float>(12, 0)});
      Sgd sgd({{"w", w}, {"still", still}}, settings);
      for (std::int64_t step = 0; step < 10; ++step) {
        CAPTURE(nt::name(backend), name, step);
        w.set_grad(op::array(part(gradients, step)));
        sgd.step();
        // float32 against float64; measured: 2.4e-7, the last bit of numbers above 2.
        CHECK_THAT(w.data(), close_to(part(expected, step), 1e-6F));
      }
      if (settings.weight_decay == 0) CHECK_THAT(still.data(), close_to(start, 0));
    }
  }
}

TEST_CASE("a step has its own rate, or that of the settings", "[stage_11][11.2]") {
  use(Backend::naive);
  const Tensor w = with_grad(row({0}), row({1}));
  Sgd sgd({{"w", w}}, {.lr = 2, .momentum = 0.5F});
  sgd.step(0);  // stays, but the buffer takes the gradient: it knows of no rate
  CHECK_THAT(w.data(), close_to(row({0}), 0));
  sgd.step(4);  // b = 1.5
  CHECK_THAT(w.data(), close_to(row({-6}), 0));
  sgd.step();  // b = 1.75
  CHECK_THAT(w.data(), close_to(row({-9.5F}), 0));
  CHECK(sgd.settings().lr == 2);
}

TEST_CASE("a parameter without a gradient stays, and its buffer waits", "[stage_11][11.2]") {
  use(Backend::naive);
  Tensor w = with_grad(row({0}), row({1}));
  const Tensor without = parameter(row({5}));
  Sgd sgd({{"without", without}, {"w", w}}, {.lr = 1, .momentum = 0.5F, .weight_decay = 0});
  sgd.step();
  w.set_grad({});
  sgd.step();
  CHECK_THAT(w.data(), close_to(row({-1}), 0));
  w.set_grad(op::array(row({1})));
  sgd.step();  // b = 1.5, as if there had been no step in between
  CHECK_THAT(w.data(), close_to(row({-2.5F}), 0));
  CHECK_THAT(without.data(), close_to(row({5}), 0));
}

TEST_CASE("a step leaves gradients and arrays that others hold as they were", "[stage_11][11.2]") {
  use(Backend::naive);
  const Tensor w = with_grad(row({1, 2}), row({3, 4}));
  const std::vector<Array> held{w.data(), w.grad()};
  Sgd sgd({{"w", w}}, {.lr = 1, .momentum = 0.5F, .weight_decay = 0.5F, .nesterov = true});
  for (int step = 0; step < 2; ++step) sgd.step();
  CHECK_THAT(held[0], close_to(row({1, 2}), 0));
  CHECK_THAT(held[1], close_to(row({3, 4}), 0));
  CHECK_THAT(w.grad(), close_to(row({3, 4}), 0));
}

TEST_CASE("NaN in a gradient reaches its weight, for good, and no other", "[stage_11][11.2]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Tensor w = with_grad(row({0, 0}), row({kNaN, 1}));
    Sgd sgd({{"w", w}}, {.lr = 1, .momentum = 0.5F});
    sgd.step();
    w.set_grad(op::array(row({1, 1})));
    sgd.step();
    const std::vector<float> weights = w.data().host().values;
    CHECK(std::isnan(weights[0]));
    CHECK(weights[1] == -2.5F);
  }
}

TEST_CASE("the backends take the same steps on ragged sizes", "[stage_11][11.2]") {
  for (const std::int64_t rows : {1, 7, 8, 9, 33}) {
    for (const std::int64_t columns : {1, 7, 8, 9, 33}) {
      CAPTURE(rows, columns);
      const auto trained = [&](Backend backend) {
        use(backend);
        Random random(1);
        Tensor w = parameter(uniform({rows, columns}, 1, random));
        Sgd sgd({{"w", w}}, {.momentum = 0.9F, .weight_decay = 0.1F, .nesterov = true});
        for (int step = 0; step < 3; ++step) {
          w.set_grad(op::array(uniform({rows, columns}, 1, random)));
          sgd.step();
        }
        return w.data();
      };
      // Sums and products of two numbers, rounded as IEEE 754 says.
      CHECK_THAT(trained(Backend::naive), close_to(trained(Backend::eigen), 0));
    }
  }
}

TEST_CASE("settings of SGD that make no sense are refused", "[stage_11]") {
  const std::pair<SgdSettings, const char*> all[] = {
      {{.lr = -1}, "sgd: lr should be 0 or more, found -1"},
      {{.lr = kNaN}, "sgd: lr should be 0 or more, found nan"},
      {{.momentum = -0.5F}, "sgd: momentum should be 0 or more, found -0.5"},
      {{.weight_decay = -2}, "sgd: weight_decay should be 0 or more, found -2"},
      {{.nesterov = true}, "sgd: nesterov needs momentum and no dampening"},
      {{.momentum = 0.9F, .dampening = 0.1F, .nesterov = true},
       "sgd: nesterov needs momentum and no dampening"},
  };
  for (const auto& [settings, text] : all) CHECK_THROWS_WITH(Sgd({}, settings), text);
  CHECK_NOTHROW(Sgd({}, {.lr = 0, .momentum = 1, .weight_decay = 0}));
}

TEST_CASE("another optimizer goes on from the buffers", "[stage_11][11.2]") {
  use(Backend::naive);
  const SgdSettings settings{.lr = 0.25F, .momentum = 0.9F};
  const Tensor w = with_grad(row({1, 2, 3}), row({0.5F, -1, 0}));
  Sgd once({{"w", w}}, settings);
  once.step();
  const Tensor v = with_grad(w.data().host(), w.grad().host());
  Sgd again({{"w", v}}, settings);
  again.set_buffers(once.buffers());
  once.step();
  again.step();
  CHECK_THAT(v.data(), close_to(w.data(), 0));
}

TEST_CASE("buffers of other parameters are refused, and the old ones stay", "[stage_11]") {
  use(Backend::naive);
  const Tensor w = with_grad(row({1, 2, 3}), row({0.5F, -1, 0}));
  Sgd sgd({{"w", w}}, {.lr = 0.25F, .momentum = 0.9F});
  sgd.step();
  CHECK_THROWS_WITH(sgd.set_buffers({}), "sgd: there are 1 parameters, and buffers of 0");
  CHECK_THROWS_WITH(sgd.set_buffers({op::array(row({1, 2}))}),
                    "sgd: the buffer of 'w' should be (3), found (2)");
  CHECK_THAT(sgd.buffers()[0], close_to(row({0.5F, -1, 0}), 0));
}

}  // namespace
}  // namespace nt
