// Clipping and schedules: how far a step goes.

#include <cmath>
#include <limits>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "clipping.hpp"
#include "core/errors.hpp"
#include "frozen.hpp"
#include "gradient_rows.hpp"
#include "schedule.hpp"

namespace nt {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
HostArray row(std::vector<float> values) { return {{std::ssize(values)}, std::move(values)}; }

Tensor parameter(const HostArray& values) { return Tensor(op::array(values), true); }

/// A parameter that has a gradient.
Tensor with_grad(const HostArray& values, const HostArray& gradient) {
  Tensor tensor = parameter(values);
  tensor.set_grad(op::array(gradient));
  return tensor;
}

/// Gradients alone: the parameters are zeros.
NamedTensors with_grads(const std::vector<HostArray>& gradients) {
  NamedTensors parameters;
  for (const HostArray& gradient : gradients) {
    const std::vector<float> zeros(gradient.values.size());
    parameters.emplace_back(std::to_string(parameters.size()),
                            with_grad({gradient.shape, zeros}, gradient));
  }
  return parameters;
}

TEST_CASE("gradients that are too long together are all shortened alike", "[stage_11][11.3]") {
  use(Backend::naive);
  const NamedTensors parameters = with_grads({row({3}), {{1, 2}, {0, -4}}});
  CHECK(clip_gradients(parameters, 2) == 5);
  // By 2 / (5 + 1e-6); the last bits of 1.6 are 1.2e-7.
  CHECK_THAT(parameters[0].second.grad(), close_to(row({1.2F}), 1e-6F));
  CHECK_THAT(parameters[1].second.grad(), close_to(HostArray{{1, 2}, {0, -1.6F}}, 1e-6F));
}

TEST_CASE("the norm and the clipped gradients are PyTorch's", "[stage_11][11.3]") {
  const Frozen frozen = Frozen::open("operations");
  for (const Backend backend : kBoth) {
    use(backend);
    CAPTURE(name(backend));
    const NamedTensors parameters =
        with_grads({frozen.floats("clip/before.0"), frozen.floats("clip/before.1")});
    const double norm = clip_gradients(parameters, 1);
    // Measured: 4.1e-8, which is the rounding of the frozen norm, and 3e-8.
    CHECK(std::abs(norm - frozen.floats("clip/norm").values.front()) < 2e-7);
    CHECK_THAT(parameters[0].second.grad(), close_to(frozen.floats("clip/after.0"), 2e-7F));
    CHECK_THAT(parameters[1].second.grad(), close_to(frozen.floats("clip/after.1"), 2e-7F));
  }
}

TEST_CASE("gradients that are short enough stay as they are", "[stage_11][11.3]") {
  use(Backend::naive);
  for (const std::vector<float>& values : {std::vector<float>{0.3F, 0.4F}, {0, 0}}) {
    const NamedTensors parameters = with_grads({row(values)});
    const double norm = clip_gradients(parameters, 1);
    CHECK(std::abs(norm - std::hypot(values[0], values[1])) < 1e-7);
    CHECK_THAT(parameters[0].second.grad(), close_to(row(values), 0));
  }
}

TEST_CASE("the divisor is the norm and a millionth, so that it is never 0", "[stage_11][11.3]") {
  use(Backend::naive);
  const NamedTensors parameters = with_grads({row({1e-6F})});
  clip_gradients(parameters, 1e-6F);
  CHECK_THAT(parameters[0].second.grad(), close_to(row({0.5e-6F}), 1e-12F));
}

TEST_CASE("the norm of gradients whose squares are no floats is finite", "[stage_11][11.3]") {
  use(Backend::naive);
  const NamedTensors parameters = with_grads({row({3e30F}), row({4e30F})});
  CHECK(std::abs(clip_gradients(parameters, 1) / 5e30 - 1) < 1e-6);
  CHECK_THAT(parameters[0].second.grad(), close_to(row({0.6F}), 1e-6F));
  CHECK_THAT(parameters[1].second.grad(), close_to(row({0.8F}), 1e-6F));
}

TEST_CASE("parameters without a gradient are passed over", "[stage_11][11.3]") {
  use(Backend::naive);
  NamedTensors parameters = with_grads({row({3, 4})});
  parameters.insert(parameters.begin(), {"without", parameter(row({100}))});
  CHECK(clip_gradients(parameters, 1) == 5);
  CHECK_FALSE(parameters[0].second.grad());
  CHECK_THAT(parameters[1].second.grad(), close_to(row({0.6F, 0.8F}), 1e-6F));
  CHECK(clip_gradients({}, 1) == 0);
}

TEST_CASE("a gradient that is NaN makes all gradients NaN, as in PyTorch", "[stage_11][11.3]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const NamedTensors parameters = with_grads({row({1, 2}), row({kNaN})});
    CHECK(std::isnan(clip_gradients(parameters, 1)));
    for (const auto& [name, weight] : parameters) {
      for (const float g : weight.grad().host().values) CHECK(std::isnan(g));
    }
    const NamedTensors endless = with_grads({row({1, kInfinity})});
    CHECK(clip_gradients(endless, 1) == double{kInfinity});
    const std::vector<float> after = endless[0].second.grad().host().values;
    CHECK(after[0] == 0);
    CHECK(std::isnan(after[1]));
  }
}

TEST_CASE("the backends clip ragged sizes alike", "[stage_11][11.3]") {
  for (const std::int64_t rows : {1, 7, 8, 9, 33}) {
    for (const std::int64_t columns : {1, 7, 8, 9, 33}) {
      CAPTURE(rows, columns);
      Random random(1);
      const HostArray matrix = uniform({rows, columns}, 4, random);
      const HostArray vector = uniform({columns}, 4, random);
      const auto clipped = [&](Backend backend) {
        use(backend);
        NamedTensors parameters = with_grads({matrix, vector});
        clip_gradients(parameters, 0.5F);
        return parameters;
      };
      const NamedTensors naive = clipped(Backend::naive);
      const NamedTensors eigen = clipped(Backend::eigen);
      for (std::size_t i = 0; i < 2; ++i) {
        CHECK_THAT(naive[i].second.grad(), close_to(eigen[i].second.grad(), 0));
      }
    }
  }
}

TEST_CASE("clipping leaves arrays that others hold as they were", "[stage_11][11.3]") {
  use(Backend::naive);
  const NamedTensors parameters = with_grads({row({3, 4})});
  const Array before = parameters[0].second.grad();
  clip_gradients(parameters, 1);
  CHECK_THAT(before, close_to(row({3, 4}), 0));
  CHECK_THAT(parameters[0].second.data(), close_to(row({0, 0}), 0));
}

TEST_CASE("a limit that no norm can keep is refused", "[stage_11]") {
  CHECK_THROWS_WITH(clip_gradients({}, 0), "clip: the limit should be above 0, found 0");
  CHECK_THROWS_WITH(clip_gradients({}, -1), "clip: the limit should be above 0, found -1");
  CHECK_THROWS_WITH(clip_gradients({}, kNaN), "clip: the limit should be above 0, found nan");
}

TEST_CASE("the cosine schedule is half a wave from 1 down to 0", "[stage_11][11.4]") {
  CHECK(cosine_rate(0, 1) == 1);
  CHECK(cosine_rate(0, 4) == 1);
  CHECK(cosine_rate(1, 4) == 0.853553391F);  // (1 + sqrt 1/2) / 2
  CHECK(cosine_rate(2, 4) == 0.5F);
  CHECK(cosine_rate(3, 4) == 0.146446609F);
  for (std::int64_t step = 1; step < 500; ++step) {
    CAPTURE(step);
    CHECK(cosine_rate(step, 500) < cosine_rate(step - 1, 500));
    CHECK(cosine_rate(step, 500) > 0);
  }
  CHECK_THROWS_WITH(cosine_rate(4, 4), "schedule: step should be in [0, 4), found 4");
}

TEST_CASE("the linear schedule falls by the same amount at every step", "[stage_11]") {
  CHECK(linear_rate(0, 1) == 1);
  const float rates[] = {1, 0.75F, 0.5F, 0.25F};
  for (std::int64_t step = 0; step < 4; ++step) CHECK(linear_rate(step, 4) == rates[step]);
  CHECK(linear_rate(499, 500) == 0.002F);
}

TEST_CASE("the constant schedule is 1", "[stage_11]") {
  for (const std::int64_t step : {0, 1, 499, 500}) CHECK(constant_rate(step, 500) == 1);
}

TEST_CASE("a step that is none of a schedule's is refused", "[stage_11]") {
  CHECK_THROWS_WITH(linear_rate(500, 500), "schedule: step should be in [0, 500), found 500");
  CHECK_THROWS_WITH(linear_rate(-1, 500), "schedule: step should be in [0, 500), found -1");
  CHECK_THROWS_WITH(linear_rate(0, 0), "schedule: step should be in [0, 0), found 0");
}

TEST_CASE("schedules are found by name", "[stage_11]") {
  CHECK(find_schedule("constant") == constant_rate);
  CHECK(find_schedule("linear") == linear_rate);
  CHECK(find_schedule("cosine") == cosine_rate);
  CHECK_THROWS_AS(find_schedule("step"), UsageError);
  CHECK_THROWS_WITH(find_schedule("step"),
                    "unknown schedule 'step': expected constant, linear or cosine");
}

}  // namespace
}  // namespace nt
