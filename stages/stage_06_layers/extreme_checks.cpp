// The layers on numbers that break a careless formula: very large ones, infinities, NaN; and on
// shapes that break a rule.

#include <cmath>
#include <limits>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/errors.hpp"
#include "layers.hpp"

namespace nt {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNothing = 1e-30F;  // exp(-1e4) is 0, on Eigen 2.9e-39
Tensor tensor(const HostArray& values) { return Tensor(op::array(values)); }

Tensor zeros(const Shape& shape) { return tensor(filled(shape)); }

/// y = f(x) and dx, given dy, on both backends.
void check_forward_backward(const Activation& f, const HostArray& x, const HostArray& dy,
                            const HostArray& y, const HostArray& dx, float tolerance) {
  for (const Backend backend : kBoth) {
    use(backend);
    CAPTURE(name(backend), x);
    const Tensor leaf(op::array(x), true);
    Tape tape;
    const Tensor result = f(leaf);
    CHECK_THAT(result.data(), close_to(y, tolerance));
    tape.backward(result, op::array(dy));
    CHECK_THAT(leaf.grad(), close_to(dx, tolerance));
  }
}

/// For each element of f(x) whether it is NaN: `1` or `0`, row by row.
std::string nan_in(const Tensor& y) {
  std::string found;
  for (const float value : y.data().host().values) found += std::isnan(value) ? '1' : '0';
  return found;
}

TEST_CASE("softmax is right for very large and very small logits", "[stage_06][6.4]") {
  check_forward_backward(softmax, {{2, 3}, {1e4F, 0, -1e4F, 1e4F, 1e4F, -1e4F}},
                         {{2, 3}, {1, 2, 3, 1, 0, 0}}, {{2, 3}, {1, 0, 0, 0.5F, 0.5F, 0}},
                         {{2, 3}, {0, 0, 0, 0.25F, -0.25F, 0}}, kNothing);
  check_forward_backward(softmax, {{2}, {-1e4F, -1e4F}}, {{2}, {1, 0}}, {{2}, {0.5F, 0.5F}},
                         {{2}, {0.25F, -0.25F}}, 0);
}

TEST_CASE("softmax gives nothing to minus infinity, and has no answer where all are",
          "[stage_06][6.4]") {
  check_forward_backward(softmax, {{3}, {2, -kInfinity, 2}}, {{3}, {1, 5, 0}},
                         {{3}, {0.5F, 0, 0.5F}}, {{3}, {0.25F, 0, -0.25F}}, 0);
  for (const Backend backend : kBoth) {
    use(backend);
    const float none = -kInfinity;
    CHECK(nan_in(softmax(tensor({{2, 2}, {none, none, 1, none}}))) == "1100");
  }
}

TEST_CASE("log_softmax stays finite where a softmax is 0", "[stage_06][6.5]") {
  check_forward_backward(log_softmax, {{3}, {1e4F, 0, -1e4F}}, {{3}, {0, 1, 0}},
                         {{3}, {0, -1e4F, -2e4F}}, {{3}, {-1, 1, 0}}, 0);
  const float log2 = std::log(2.0F);
  check_forward_backward(log_softmax, {{2}, {-1e4F, -1e4F}}, {{2}, {1, 0}}, {{2}, {-log2, -log2}},
                         {{2}, {0.5F, -0.5F}}, 1e-7F);
}

TEST_CASE("log_softmax of minus infinity is minus infinity, and its gradient finite",
          "[stage_06][6.5]") {
  check_forward_backward(log_softmax, {{2}, {3, -kInfinity}}, {{2}, {1, 0}}, {{2}, {0, -kInfinity}},
                         {{2}, {0, 0}}, 0);
  for (const Backend backend : kBoth) {
    use(backend);
    const float none = -kInfinity;
    CHECK(nan_in(log_softmax(tensor({{2, 2}, {none, none, 1, none}}))) == "1100");
  }
}

TEST_CASE("gelu is x far above 0 and 0 far below", "[stage_06][6.3]") {
  check_forward_backward(gelu, {{3}, {1e4F, -1e4F, 1e19F}}, {{3}, {1, 1, 1}},
                         {{3}, {1e4F, 0, 1e19F}}, {{3}, {1, 0, 1}}, kNothing);
}

TEST_CASE("layer_norm is right for numbers far from 0", "[stage_06][6.6]") {
  // The mean of squares minus the square of the mean would be 1e6 - 1e6, and lose the variance.
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor y = layer_norm(tensor({{3}, {999, 1000, 1001}}), tensor({{3}, {1, 1, 1}}),
                                tensor({{3}, {0, 0, 0}}));
    CHECK_THAT(y.data(), close_to(HostArray{{3}, {-1.2247357F, 0, 1.2247357F}}, 1e-6F));
  }
}

TEST_CASE("NaN stays NaN through relu, and lets the gradient pass", "[stage_06]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor x(op::array({{3}, {kNaN, -kInfinity, kInfinity}}), true);
    Tape tape;
    const Tensor y = relu(x);
    CHECK(nan_in(y) == "100");
    CHECK(y.data().host().values[1] == 0);
    CHECK(y.data().host().values[2] == kInfinity);
    tape.backward(y, op::array({{3}, {1, 2, 3}}));
    CHECK_THAT(x.grad(), close_to(HostArray{{3}, {1, 0, 3}}, 0));
  }
}

TEST_CASE("NaN stays NaN through gelu", "[stage_06][6.3]") {
  for (const Backend backend : kBoth) {
    use(backend);
    CHECK(nan_in(gelu(tensor({{3}, {1, kNaN, 2}}))) == "010");
  }
}

TEST_CASE("NaN spoils its row of a linear layer, and no other", "[stage_06][6.2]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor ones = tensor({{2, 2}, {1, 1, 1, 1}});
    CHECK(nan_in(linear(tensor({{2, 2}, {1, kNaN, 2, 3}}), ones, zeros({2}))) == "1100");
  }
}

TEST_CASE("NaN spoils its row of a softmax, and no other", "[stage_06][6.4]") {
  for (const Backend backend : kBoth) {
    use(backend);
    CHECK(nan_in(softmax(tensor({{2, 2}, {1, kNaN, 2, 3}}))) == "1100");
    CHECK(nan_in(softmax(tensor({{2, 2}, {2, 3, kNaN, 1}}))) == "0011");
  }
}

TEST_CASE("NaN spoils its row of a log_softmax, and no other", "[stage_06][6.5]") {
  for (const Backend backend : kBoth) {
    use(backend);
    CHECK(nan_in(log_softmax(tensor({{2, 2}, {1, kNaN, 2, 3}}))) == "1100");
  }
}

TEST_CASE("NaN spoils its row of a layer_norm, and no other", "[stage_06][6.6]") {
  for (const Backend backend : kBoth) {
    use(backend);
    CHECK(nan_in(layer_norm(tensor({{2, 2}, {1, kNaN, 2, 3}}), zeros({2}), zeros({2}))) == "1100");
  }
}

TEST_CASE("softmax needs numbers along a last axis", "[stage_06]") {
  for (const Backend backend : kBoth) {
    use(backend);
    for (const Shape& shape : {Shape{}, Shape{2, 0}}) {
      const std::string rest = ": there are no numbers along a last axis: x is " + shape.text();
      CHECK_THROWS_WITH(softmax(zeros(shape)), "softmax" + rest);
      CHECK_THROWS_WITH(log_softmax(zeros(shape)), "log_softmax" + rest);
    }
    CHECK_THROWS_AS(softmax(zeros({})), ShapeError);
  }
}

TEST_CASE("linear and layer_norm refuse sizes that differ, and name the shapes", "[stage_06]") {
  struct Row {
    Shape x, weight, bias;
    std::string shapes;
  };
  const Row linears[] = {
      {{2, 3}, {4, 5}, {4}, "x is (2, 3), weight is (4, 5), bias is (4)"},  // K
      {{2, 5}, {4, 5}, {5}, "x is (2, 5), weight is (4, 5), bias is (5)"},  // N
      {{2, 5}, {4, 5}, {1, 4}, "x is (2, 5), weight is (4, 5), bias is (1, 4)"},
      {{2, 5}, {4, 5}, {1}, "x is (2, 5), weight is (4, 5), bias is (1)"},  // would broadcast
      {{2, 5}, {5, 4}, {4}, "x is (2, 5), weight is (5, 4), bias is (4)"},  // not transposed
      {{2, 5}, {5}, {5}, "x is (2, 5), weight is (5), bias is (5)"},
      {{2, 5}, {1, 4, 5}, {4}, "x is (2, 5), weight is (1, 4, 5), bias is (4)"},
      {{}, {4, 1}, {4}, "x is (), weight is (4, 1), bias is (4)"},
  };
  const Row norms[] = {
      {{2, 3}, {4}, {4}, "x is (2, 3), weight is (4), bias is (4)"},
      {{2, 3}, {3}, {1}, "x is (2, 3), weight is (3), bias is (1)"},
      {{2, 3}, {1}, {3}, "x is (2, 3), weight is (1), bias is (3)"},
      {{2, 3}, {2, 3}, {2, 3}, "x is (2, 3), weight is (2, 3), bias is (2, 3)"},
      {{}, {1}, {1}, "x is (), weight is (1), bias is (1)"},
  };
  for (const Backend backend : kBoth) {
    use(backend);
    for (const auto& [x, weight, bias, shapes] : linears) {
      CHECK_THROWS_WITH(linear(zeros(x), zeros(weight), zeros(bias)),
                        "linear: sizes differ: " + shapes);
    }
    for (const auto& [x, weight, bias, shapes] : norms) {
      CHECK_THROWS_WITH(layer_norm(zeros(x), zeros(weight), zeros(bias)),
                        "layer_norm: sizes differ: " + shapes);
    }
    CHECK_THROWS_AS(linear(zeros({2}), zeros({2}), zeros({2})), ShapeError);
    CHECK_THROWS_AS(layer_norm(zeros({2}), zeros({3}), zeros({3})), ShapeError);
  }
}

}  // namespace
}  // namespace nt
