// What AdamW remembers of a weight, which way it goes, and the step. The optimizer that does this
// for all weights is checked in optimizer_checks.cpp.

#include <cmath>
#include <limits>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/random.hpp"
#include "gradient_rows.hpp"
#include "ten_steps.hpp"

namespace nt {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Shares that float32 holds exactly.
constexpr AdamWSettings kExact{.lr = 0.5F, .beta1 = 0.5F, .beta2 = 0.75F, .eps = 0};

Array row(const std::vector<float>& values) {
  return op::array({{static_cast<std::int64_t>(values.size())}, values});
}

HostArray drawn(const Shape& shape, Random& random) {
  HostArray x{shape, {}};
  for (std::int64_t i = 0; i < shape.count(); ++i) x.values.push_back(random.normal());
  return x;
}

TEST_CASE("each mean keeps its share and takes the rest from the gradient or its square",
          "[stage_12][12.1]") {
  struct Row {
    std::vector<float> g, m, v;
  };
  // m <- m / 2 + g / 2, v <- 3 v / 4 + g^2 / 4, both from 0
  const Row rows[] = {{{4, -1}, {2, -0.5F}, {4, 0.25F}},
                      {{2, -1}, {2, -0.75F}, {4, 0.4375F}},
                      {{-8, -1}, {-3, -0.875F}, {19, 0.578125F}},
                      {{0, 0}, {-1.5F, -0.4375F}, {14.25F, 0.43359375F}}};
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    use(backend);
    Moments moments;
    std::int64_t steps = 0;
    for (const auto& [g, m, v] : rows) {
      update_moments(kExact, row(g), moments);
      CHECK(moments.steps == ++steps);
      CHECK_THAT(moments.m, close_to(row(m), 0));
      CHECK_THAT(moments.v, close_to(row(v), 0));
    }
  }
}

TEST_CASE("with betas of 0 nothing older than the last gradient is remembered",
          "[stage_12][12.1]") {
  use(Backend::naive);
  const AdamWSettings settings{.beta1 = 0, .beta2 = 0};
  Moments moments;
  update_moments(settings, row({5, -7}), moments);
  update_moments(settings, row({-3, 2}), moments);
  CHECK_THAT(moments.m, close_to(row({-3, 2}), 0));
  CHECK_THAT(moments.v, close_to(row({9, 4}), 0));
}

TEST_CASE("moments that were taken earlier keep their values", "[stage_12][12.1]") {
  use(Backend::naive);
  const Array gradient = row({4, -1});
  Moments moments;
  update_moments(kExact, gradient, moments);
  const Moments before = moments;
  update_moments(kExact, row({2, -1}), moments);
  CHECK(before.steps == 1);
  CHECK_THAT(before.m, close_to(row({2, -0.5F}), 0));
  CHECK_THAT(before.v, close_to(row({4, 0.25F}), 0));
  CHECK_THAT(gradient, close_to(row({4, -1}), 0));
}

TEST_CASE("the direction is the one mean by the root of the other, without the 0 of the beginning",
          "[stage_12][12.2]") {
  struct Row {
    std::int64_t steps;
    std::vector<float> m, v;
    float eps;
    std::vector<float> direction;
  };
  const Row rows[] = {
      {1, {2, -2, 1}, {4, 4, 4}, 0, {1, -1, 0.5F}},          // m / 0.5 = 4, v / 0.25 = 16
      {1, {2, -2, 1}, {4, 4, 4}, 1, {0.8F, -0.8F, 0.4F}},    // eps stands beside the root: 4 + 1
      {2, {3, -3, 0.75F}, {7, 7, 1.75F}, 0, {1, -1, 0.5F}},  // m / 0.75, v / 0.4375
      {2, {3, -3, 0.75F}, {7, 7, 1.75F}, 12, {0.25F, -0.25F, 1.0F / 14}},
      {1000, {3, -4, 0}, {9, 4, 1}, 0, {1, -2, 0}},  // there is nothing to correct any more
      {1, {0, 0, 0}, {0, 0, 4}, 1e-8F, {0, 0, 0}},
  };
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    use(backend);
    for (const auto& [steps, m, v, eps, direction] : rows) {
      CAPTURE(steps, eps);
      AdamWSettings settings = kExact;
      settings.eps = eps;
      CHECK_THAT(adamw_direction(settings, {row(m), row(v), steps}),
                 close_to(row(direction), 5e-7F));
    }
  }
}

TEST_CASE("a gradient that stays the same gives a direction of 1 at every step",
          "[stage_12][12.2]") {
  use(Backend::naive);
  AdamWSettings settings;
  settings.eps = 0;
  const Array gradient = row({0.2F, -3e-3F, 500});
  Moments moments;
  for (int step = 1; step <= 60; ++step) {
    CAPTURE(step);
    update_moments(settings, gradient, moments);
    // Uncorrected it is 3.2 at the first step and 6.6 at the twelfth. Rounding; measured: 4.8e-7.
    REQUIRE_THAT(adamw_direction(settings, moments), close_to(row({1, -1, 1}), 1.5e-6F));
  }
}

TEST_CASE("gradients a thousand times as large give the same direction", "[stage_12][12.2]") {
  use(Backend::naive);
  Random random(1);
  AdamWSettings settings;
  settings.eps = 0;
  Moments small;
  Moments large;
  for (int step = 0; step < 20; ++step) {
    const Array gradient = op::array(drawn({7}, random));
    update_moments(settings, gradient, small);
    update_moments(settings, op::multiply(gradient, op::number(1024)), large);
    // A power of 2 changes no digit.
    REQUIRE_THAT(adamw_direction(settings, large), close_to(adamw_direction(settings, small), 0));
  }
}

TEST_CASE("a step goes against the direction and the weight decays by its own size",
          "[stage_12][12.3]") {
  struct Row {
    AdamWSettings settings;
    std::vector<float> w, g, after;
  };
  const Row rows[] = {
      // The first direction is the gradient's sign: 2 - 0.5 (1 + 0.1 * 2), -2 - 0.5 (-1 - 0.2).
      {{.lr = 0.5F, .eps = 0, .weight_decay = 0.1F}, {2, -2, 0}, {4, -9, 1}, {1.4F, -1.4F, -0.5F}},
      {{.lr = 0.5F, .eps = 0, .weight_decay = 0}, {2, -2, 0}, {4, -9, 1}, {1.5F, -1.5F, -0.5F}},
      {{.lr = 0.5F, .eps = 3, .weight_decay = 0},
       {2, -2, 0},
       {1, -9, 1},
       {1.875F, -1.625F, -0.125F}},
      // 0.499995 after the decay, then 0.001 further: chapter 1's example
      {{}, {0.5F, 0.5F}, {0.2F, 0.0002F}, {0.498995F, 0.498995F}},
      {{.lr = 0}, {2, -2}, {4, -9}, {2, -2}},
  };
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    use(backend);
    for (const auto& [settings, w, g, after] : rows) {
      CAPTURE(settings.lr, settings.weight_decay, settings.eps);
      Moments moments;
      // 0.0002 / (0.0002 + 1e-8) is 5e-5 short of 1, which makes 5e-8 of the step; the last digit
      // of 1.4 is 1.2e-7.
      CHECK_THAT(composed_adamw(settings, row(w), row(g), moments), close_to(row(after), 2e-7F));
    }
  }
}

TEST_CASE("the moments know nothing of the decay", "[stage_12][12.3]") {
  use(Backend::naive);
  AdamWSettings settings = kExact;
  settings.weight_decay = 0.25F;
  settings.eps = 1e-8F;
  Moments moments;
  composed_adamw(settings, row({100, -100}), row({4, -1}), moments);
  CHECK(moments.steps == 1);
  CHECK_THAT(moments.m, close_to(row({2, -0.5F}), 0));
  CHECK_THAT(moments.v, close_to(row({4, 0.25F}), 0));

  // Gradients of 0 leave the decay alone: a factor of 1 - 0.5 * 0.25 at every step.
  Array weight = row({64, -64});
  Moments none;
  for (int step = 0; step < 3; ++step) weight = composed_adamw(settings, weight, row({0, 0}), none);
  CHECK_THAT(weight, close_to(row({42.875F, -42.875F}), 0));
  CHECK_THAT(none.v, close_to(row({0, 0}), 0));
}

TEST_CASE("ten steps of every option are PyTorch's", "[stage_12][12.3]") {
  const Frozen operations = Frozen::open("operations");
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    use(backend);
    for (const auto& [name, settings] : kTenSteps) {
      CAPTURE(nt::name(backend), name);
      // Float32 against float64; measured: 2.4e-7, the last digit of numbers of up to 2.4.
      CHECK_THAT(take_ten_steps(composed_adamw, settings, operations),
                 close_to(operations.floats(std::string("optimizers/") + name), 1e-6F));
    }
  }
}

TEST_CASE("both backends take the same steps on ragged sizes", "[stage_12][12.3]") {
  const auto after_three_steps = [](const Shape& shape) {
    Random random(static_cast<std::uint64_t>(shape.count()));
    Array weight = op::array(drawn(shape, random));
    Moments moments;
    for (int step = 0; step < 3; ++step) {
      weight = composed_adamw({}, weight, op::array(drawn(shape, random)), moments);
    }
    return weight;
  };
  for (const std::int64_t n : {1, 7, 8, 9, 33}) {
    for (const Shape& shape : {Shape{n}, Shape{n, 3}, Shape{7, n}}) {
      CAPTURE(shape);
      use(Backend::eigen);
      const Array expected = after_three_steps(shape);
      use(Backend::naive);
      // Eigen's square root may miss the last digit, and so the weight, which is smaller than 4:
      // that of the weight is 2.4e-7.
      CHECK_THAT(after_three_steps(shape), close_to(expected, 5e-7F));
    }
  }
}

TEST_CASE("a gradient may be a view", "[stage_12][12.3]") {
  use(Backend::naive);
  const Array weight = op::array({{3, 2}, {1, 2, 3, 4, 5, 6}});
  const HostArray g{{3, 2}, {1, -4, 2, -5, 3, -6}};
  const Array view = op::transpose(op::array({{2, 3}, {1, 2, 3, -4, -5, -6}}), 0, 1);
  Moments moments;
  Moments of_view;
  for (int step = 0; step < 2; ++step) {
    CHECK_THAT(composed_adamw({}, weight, view, of_view),
               close_to(composed_adamw({}, weight, op::array(g), moments), 0));
  }
}

TEST_CASE("NaN in one gradient makes that weight NaN for good and no other", "[stage_12][12.3]") {
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    use(backend);
    Moments moments;
    Array weight = row({1, kNaN, 1, 1});
    const std::vector<float> gradients[] = {{kNaN, 1, kInfinity, 1}, {1, 1, 1, 1}};
    for (const std::vector<float>& g : gradients) {
      weight = composed_adamw({}, weight, row(g), moments);
      const std::vector<float> values = weight.host().values;
      CHECK(std::isnan(values[0]));
      CHECK(std::isnan(values[1]));
      CHECK(std::isnan(values[2]));  // infinity by infinity
      CHECK(std::isfinite(values[3]));
    }
  }
}

TEST_CASE("a weight that never moved divides 0 by eps", "[stage_12][12.3]") {
  use(Backend::naive);
  AdamWSettings settings{.weight_decay = 0};
  Moments moments;
  CHECK_THAT(composed_adamw(settings, row({1, 0}), row({0, 0}), moments), close_to(row({1, 0}), 0));
  settings.eps = 0;  // as in PyTorch: 0 by 0
  Moments unsafe;
  CHECK(std::isnan(composed_adamw(settings, row({1}), row({0}), unsafe).host().values[0]));
}

}  // namespace
}  // namespace nt
