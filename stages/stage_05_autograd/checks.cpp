// The finite difference, and summing a gradient back to the shape of what was broadcast. What the
// tape records is checked in tape_checks.cpp, the engine in engine_checks.cpp, the derivatives in
// gradient_checks.cpp, direction_checks.cpp and edge_checks.cpp.

#include <algorithm>
#include <cmath>
#include <limits>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/errors.hpp"
#include "finite_difference.hpp"
#include "gradient_rows.hpp"
#include "tensor_ops.hpp"

namespace nt {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

double cube(const std::vector<HostArray>& x) { return std::pow(x[0].values[0], 3); }

TEST_CASE("the difference of x^3 is 3 x^2 and, for a step of h, h^2", "[stage_05][5.1]") {
  // ((x + h)^3 - (x - h)^3) / 2h = 3 x^2 + h^2, and these numbers are exact.
  CHECK(directional_difference(cube, {{{}, {2}}}, {{{}, {1}}}, 0.5F) == 12.25);
  CHECK(directional_difference(cube, {{{}, {-3}}}, {{{}, {1}}}, 0.25F) == 27.0625);
  CHECK(directional_difference(cube, {{{}, {0}}}, {{{}, {1}}}, 2) == 4);
  CHECK(std::abs(directional_difference(cube, {{{}, {2}}}, {{{}, {1}}}, 1.0F / 1024) - 12) < 1e-6);
}

TEST_CASE("the difference goes along v, as far as v is long", "[stage_05][5.1]") {
  // L = x0 x1 + 10 y is linear along both axes: dL = 5 v0 + 3 v1 + 10 u at x = (3, 5)
  const Scalar loss = [](const std::vector<HostArray>& at) {
    return at[0].values[0] * at[0].values[1] + 10 * at[1].values[0];
  };
  const std::vector<HostArray> x{{{2}, {3, 5}}, {{1}, {7}}};
  CHECK(directional_difference(loss, x, {{{2}, {1, 0}}, {{1}, {0}}}, 0.5F) == 5);
  CHECK(directional_difference(loss, x, {{{2}, {0, 1}}, {{1}, {0}}}, 0.5F) == 3);
  CHECK(directional_difference(loss, x, {{{2}, {0, 0}}, {{1}, {1}}}, 0.5F) == 10);
  CHECK(directional_difference(loss, x, {{{2}, {2, -4}}, {{1}, {0.5F}}}, 0.25F) == 3);
  CHECK(directional_difference(loss, x, {{{2}, {0, 0}}, {{1}, {0}}}, 0.5F) == 0);
}

TEST_CASE("the difference asks for the loss on both sides of x", "[stage_05][5.1]") {
  std::vector<float> asked;
  const Scalar loss = [&](const std::vector<HostArray>& at) {
    asked.push_back(at[0].values[0]);
    return 0.0;
  };
  directional_difference(loss, {{{}, {8}}}, {{{}, {2}}}, 0.25F);
  std::sort(asked.begin(), asked.end());
  CHECK(asked == std::vector<float>{7.5F, 8.5F});
}

TEST_CASE("the difference of NaN is NaN", "[stage_05][5.1]") {
  CHECK(std::isnan(directional_difference(cube, {{{}, {kNaN}}}, {{{}, {1}}}, 0.5F)));
}

TEST_CASE("a direction has the shapes of x", "[stage_05]") {
  const HostArray pair{{2}, {1, 2}};
  const HostArray triple{{3}, {1, 2, 3}};
  CHECK_THROWS_AS(directional_difference(cube, {pair}, {triple}, 1), ShapeError);
  CHECK_THROWS_WITH(directional_difference(cube, {pair}, {triple}, 1),
                    "directional_difference: shapes differ: x is (2), v is (3)");
  CHECK_THROWS_WITH(directional_difference(cube, {pair, pair}, {pair}, 1),
                    "directional_difference: numbers of arrays differ: x are 2, v are 1");
}

TEST_CASE("a sum over what was repeated brings a gradient back to its shape", "[stage_05][5.2]") {
  // 1 2 3
  // 4 5 6
  const HostArray dx{{2, 3}, {1, 2, 3, 4, 5, 6}};
  const HostArray rows[] = {
      {{3}, {5, 7, 9}},     // an axis in front
      {{1, 3}, {5, 7, 9}},  // a size of 1
      {{2, 1}, {6, 15}},    // a size of 1 at the end
      {{1}, {21}},          // both
      {{1, 1}, {21}},      {{}, {21}}, dx,
  };
  on_both([&] {
    for (const HostArray& expected : rows) {
      CHECK_THAT(unbroadcast(op::array(dx), expected.shape), close_to(expected, 0));
    }
  });
}

TEST_CASE("an axis of size 1 is summed in its own place", "[stage_05][5.2]") {
  // Axis 0 was added, axis 2 repeated: 1 + 2 + 5 + 6, 3 + 4 + 7 + 8.
  const HostArray dx{{2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}};
  on_both([&] {
    CHECK_THAT(unbroadcast(op::array(dx), {2, 1}), close_to(HostArray{{2, 1}, {14, 22}}, 0));
    CHECK_THAT(unbroadcast(op::array(dx), {1, 2}), close_to(HostArray{{1, 2}, {16, 20}}, 0));
    CHECK_THAT(unbroadcast(op::array(dx), {2, 1, 2}),
               close_to(HostArray{{2, 1, 2}, {4, 6, 12, 14}}, 0));
  });
}

TEST_CASE("what was repeated no times gets 0, and NaN stays NaN", "[stage_05][5.2]") {
  on_both([&] {
    const Array nothing = op::array({{0, 3}, {}});
    CHECK_THAT(unbroadcast(nothing, {1, 3}), close_to(HostArray{{1, 3}, {0, 0, 0}}, 0));
    CHECK_THAT(unbroadcast(nothing, {3}), close_to(HostArray{{3}, {0, 0, 0}}, 0));
    CHECK_THAT(unbroadcast(nothing, {}), close_to(HostArray{{}, {0}}, 0));
    CHECK_THAT(unbroadcast(nothing, {0, 1}), close_to(HostArray{{0, 1}, {}}, 0));
    const HostArray sums = unbroadcast(op::array({{2, 2}, {1, kNaN, 2, 3}}), {2}).host();
    CHECK(sums.values[0] == 3);
    CHECK(std::isnan(sums.values[1]));
  });
}

TEST_CASE("summing back undoes broadcasting in every product of gradients", "[stage_05][5.2]") {
  // <dx, expand(x)> = <unbroadcast(dx), x>: eighths, so that sums are exact and may be compared.
  struct Row {
    Shape x, wide;
  };
  const Row rows[] = {
      {{}, {}},
      {{}, {2, 3, 4}},
      {{5}, {5}},
      {{1}, {7}},
      {{3}, {2, 1, 3}},
      {{4, 1}, {4, 5}},
      {{4, 1}, {3, 4, 1}},
      {{2, 1, 3}, {2, 4, 3}},
      {{1, 2, 1, 3}, {5, 1, 2, 2, 3}},
      {{1, 1, 1, 1, 1}, {2, 1, 2, 1, 2}},
      {{1}, {0}},
  };
  Random random(5);
  const auto eighths = [&](const Shape& shape) {
    HostArray result{shape, {}};
    for (std::int64_t i = 0; i < shape.count(); ++i) {
      result.values.push_back(static_cast<float>(random.below(32)) / 8 - 2);
    }
    return result;
  };
  const auto product = [](const Array& a, const Array& b) {
    Axes all;
    for (int axis = 0; axis < a.shape().rank(); ++axis) all.push_back(axis);
    return op::sum(op::multiply(a, b), all, false);
  };
  on_both([&] {
    for (const auto& [shape, wide] : rows) {
      CAPTURE(shape, wide);
      const Array x = op::array(eighths(shape));
      const Array dx = op::array(eighths(wide));
      CHECK_THAT(product(unbroadcast(dx, shape), x), close_to(product(dx, op::expand(x, wide)), 0));
    }
  });
}

TEST_CASE("a gradient to whose shape x does not broadcast is refused", "[stage_05]") {
  const auto sum_back = [](const Shape& dx, const Shape& x) {
    return unbroadcast(op::array(filled(dx)), x);
  };
  on_both([&] {
    CHECK_THROWS_AS(sum_back({3}, {2}), ShapeError);
    CHECK_THROWS_WITH(sum_back({3}, {2}),
                      "unbroadcast: x does not broadcast to dx: x is (2), dx is (3)");
    CHECK_THROWS_WITH(sum_back({3}, {1, 3}),
                      "unbroadcast: x does not broadcast to dx: x is (1, 3), dx is (3)");
    CHECK_THROWS_WITH(sum_back({2, 1}, {2, 3}),
                      "unbroadcast: x does not broadcast to dx: x is (2, 3), dx is (2, 1)");
    CHECK_THROWS_WITH(sum_back({}, {1}),
                      "unbroadcast: x does not broadcast to dx: x is (1), dx is ()");
  });
}

TEST_CASE("a wrong gradient shows in its error, and NaN is no small one", "[stage_05][5.4]") {
  // y = x^2, once with its derivative, once with half of it, once with NaN
  const auto square = [](float factor) {
    return [factor](const std::vector<Tensor>& t) {
      const Array x = t[0].data();
      return record("square", op::multiply(x, x), {{t[0], [=](const Array& dy) {
                                                      return op::multiply(
                                                          dy, op::multiply(x, op::number(factor)));
                                                    }}});
    };
  };
  const std::vector<HostArray> x{{{2, 3}, {1, -2, 3, 4, -5, 6}}};
  on_both([&] {
    Random random(1);
    CHECK(gradient_error(square(2), x, random) < 2e-4);  // measured: 4.2e-5
    CHECK(gradient_error(square(1), x, random) > 0.1);
    CHECK(std::isnan(gradient_error(square(kNaN), x, random)));
  });
}

TEST_CASE("an input that a function does not use, or hides, counts as without slope",
          "[stage_05][5.4]") {
  const std::vector<HostArray> x{{{3}, {1, 2, 3}}, {{2}, {4, 5}}};
  on_both([&] {
    Random random(1);
    const auto first = [](const std::vector<Tensor>& t) { return t[0] * t[0]; };
    CHECK(gradient_error(first, x, random) < 1e-4);  // measured: 1.3e-5
    const auto hidden = [](const std::vector<Tensor>& t) { return t[0] * Tensor(t[0].data()); };
    CHECK(gradient_error(hidden, x, random) > 0.1);
  });
}

TEST_CASE("the difference does not record on a tape that waits outside", "[stage_05][5.4]") {
  install_gradient_rows();
  Tape tape;
  Random random(1);
  gradient_error([](const std::vector<Tensor>& t) { return t[0] * t[0]; }, {{{}, {3}}}, random);
  CHECK(tape.nodes().empty());
  CHECK(Tape::current() == &tape);
}

}  // namespace
}  // namespace nt
