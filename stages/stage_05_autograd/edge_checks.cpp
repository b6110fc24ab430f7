// Where operations have an edge: NaN, infinities, ties, empty axes, shapes that do not fit. And
// functions whose gradients PyTorch has computed.

#include <algorithm>
#include <cmath>
#include <limits>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/errors.hpp"
#include "finite_difference.hpp"
#include "frozen.hpp"
#include "tensor_ops.hpp"

namespace nt {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

using Arguments = std::vector<Tensor>;

/// dL/dx for L = <dy, f(x)>.
HostArray gradient(Tensor (*f)(const Tensor&), const HostArray& x, const HostArray& dy) {
  const Tensor leaf(op::array(x), true);
  Tape tape;
  tape.backward(f(leaf), op::array(dy));
  return leaf.grad().host();
}

bool holds_nan(const HostArray& x) {
  return std::any_of(x.values.begin(), x.values.end(), [](float v) { return std::isnan(v); });
}

TEST_CASE("a maximum that is NaN has NaN for a gradient, in its row alone", "[stage_05][5.4]") {
  on_both([] {
    const auto largest = [](const Tensor& x) { return max(x, {1}); };
    const HostArray x{{2, 3}, {1, kNaN, 3, 4, 6, 5}};
    const HostArray dx = gradient(largest, x, {{2}, {1, 1}});
    for (int i = 0; i < 3; ++i) CHECK(std::isnan(dx.values[static_cast<std::size_t>(i)]));
    CHECK(std::vector<float>(dx.values.begin() + 3, dx.values.end()) ==
          std::vector<float>{0, 1, 0});
    CHECK_THAT(gradient(largest, {{1, 3}, {kInfinity, 1, kInfinity}}, {{1}, {1}}),
               close_to(HostArray{{1, 3}, {0.5F, 0, 0.5F}}, 0));
  });
}

TEST_CASE("where two are the largest, the finite difference shares as well", "[stage_05][5.4]") {
  // (max(h v0, h v1) - max(-h v0, -h v1)) / 2h = (max(v0, v1) + min(v0, v1)) / 2
  on_both([] {
    Random random(1);
    const auto largest = [](const Arguments& t) { return max(t[0], {1}); };
    CHECK(gradient_error(largest, {{{2, 2}, {3, 3, -1, -1}}}, random) < 1e-4);  // measured: 1.5e-5
  });
}

TEST_CASE("the side that where did not choose spoils nothing", "[stage_05][5.4]") {
  on_both([] {
    const auto half = [](const Tensor& x) { return where(greater(x, number(0)), log(x), x); };
    // log's own slope at 0 is infinite, and 0 times that is NaN, here as in PyTorch.
    CHECK_THAT(gradient(half, {{2}, {2, -3}}, {{2}, {1, 1}}),
               close_to(HostArray{{2}, {0.5F, 1}}, 0));
    const auto first = [](const Tensor& x) {
      return where(Tensor(op::array({{2}, {1, 0}})), x, x * 0);
    };
    CHECK_THAT(gradient(first, {{2}, {2, 3}}, {{2}, {kInfinity, 1}}),
               close_to(HostArray{{2}, {kInfinity, 0}}, 0));
  });
}

TEST_CASE("at a pole the slope is infinite", "[stage_05][5.4]") {
  on_both([] {
    CHECK_THAT(gradient(sqrt, {{2}, {0, 4}}, {{2}, {1, 1}}),
               close_to(HostArray{{2}, {kInfinity, 0.25F}}, 0));
    CHECK_THAT(gradient(log, {{1}, {0}}, {{1}, {-1}}), close_to(HostArray{{1}, {-kInfinity}}, 0));
  });
}

TEST_CASE("the mean of nothing is NaN, and its gradient as empty as x", "[stage_05][5.4]") {
  on_both([] {
    const auto down = [](const Tensor& x) { return mean(x, {0}); };
    const auto across = [](const Tensor& x) { return mean(x, {1}); };
    const HostArray x{{0, 3}, {}};
    CHECK(holds_nan(down(Tensor(op::array(x))).data().host()));
    CHECK_THAT(gradient(down, x, {{3}, {1, 1, 1}}), close_to(x, 0));
    CHECK_THAT(gradient(across, x, {{0}, {}}), close_to(x, 0));
  });
}

/// y = f(x, ...) and its gradients are PyTorch's; float32 against float64.
void check_pytorch(const std::string& fixture, const std::vector<std::string>& names,
                   const TensorFunction& f, float tolerance) {
  const Frozen frozen = Frozen::open("operations");
  on_both([&] {
    Arguments x;
    for (const std::string& name : names) {
      x.emplace_back(op::array(frozen.floats(fixture + "/" + name)), true);
    }
    Tape tape;
    const Tensor y = f(x);
    CHECK_THAT(y.data(), close_to(frozen.floats(fixture + "/y"), tolerance));
    if (y.shape().rank() == 0) {
      tape.backward(y);
    } else {
      tape.backward(y, op::array(frozen.floats(fixture + "/dy")));
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      CAPTURE(names[i]);
      CHECK_THAT(x[i].grad(), close_to(frozen.floats(fixture + "/d" + names[i]), tolerance));
    }
  });
}

TEST_CASE("a choice and a bell have PyTorch's gradients", "[stage_05][5.4]") {
  const auto relu = [](const Arguments& t) {
    return where(greater(t[0], number(0)), t[0], number(0));
  };
  check_pytorch("relu", {"x"}, relu, 0);  // it computes nothing
  const auto gelu = [](const Arguments& t) {
    return t[0] * (erf(t[0] * std::sqrt(0.5F)) + 1) * 0.5F;
  };
  check_pytorch("gelu", {"x"}, gelu, 5e-7F);  // measured: 1.2e-7
}

TEST_CASE("the labels' share of a sum of exponentials has PyTorch's gradients", "[stage_05][5.4]") {
  const Labels labels = Frozen::open("operations").integers("cross_entropy/labels").values;
  const auto cross_entropy = [&](const Arguments& t) {
    const Tensor shifted = t[0] - max(t[0], {1}, true);
    return mean(log(sum(exp(shifted), {1})) - pick(shifted, labels), {0});
  };
  check_pytorch("cross_entropy", {"x"}, cross_entropy, 2e-6F);  // measured: 4.8e-7, of 4.4
}

TEST_CASE("a quotient of exponentials has PyTorch's gradients", "[stage_05][5.5]") {
  const auto softmax = [](const Arguments& t) {
    const Tensor e = exp(t[0]);
    return e / sum(e, {-1}, true);
  };
  check_pytorch("softmax", {"x"}, softmax, 4e-7F);  // measured: 8.9e-8
}

TEST_CASE("a product with a weight, and a bias, have PyTorch's gradients", "[stage_05][5.6]") {
  const auto linear = [](const Arguments& t) { return matmul(t[0], transpose(t[1], 0, 1)) + t[2]; };
  check_pytorch("linear", {"x", "weight", "bias"}, linear, 3e-6F);  // measured: 9.5e-7
}

TEST_CASE("operations name the shapes that they cannot take", "[stage_05]") {
  on_both([] {
    const Tensor a(op::array(filled({2, 3}, 1)), true);
    const Tensor b(op::array(filled({2}, 1)), true);
    const Tape tape;
    const std::string apart = ": shapes do not broadcast: a is (2, 3), b is (2)";
    CHECK_THROWS_AS(add(a, b), ShapeError);
    CHECK_THROWS_WITH(add(a, b), "add" + apart);
    CHECK_THROWS_WITH(a + b, "add" + apart);
    CHECK_THROWS_WITH(subtract(a, b), "subtract" + apart);
    CHECK_THROWS_WITH(a - b, "subtract" + apart);
    CHECK_THROWS_WITH(multiply(a, b), "multiply" + apart);
    CHECK_THROWS_WITH(a * b, "multiply" + apart);
    CHECK_THROWS_WITH(greater(a, b), "greater" + apart);
    CHECK_THROWS_WITH(equal(a, b), "equal" + apart);
    CHECK_THROWS_WITH(where(b, a, number(0)),
                      "where: shapes do not broadcast: condition is (2), a is (2, 3), b is ()");
    CHECK_THROWS_WITH(where(number(1), a, b),
                      "where: shapes do not broadcast: condition is (), a is (2, 3), b is (2)");
    CHECK_THROWS_WITH(sum(a, {2}), "sum: axis 2 is out of range: x is (2, 3) of rank 2");
    CHECK_THROWS_WITH(mean(a, {-3}), "mean: axis -3 is out of range: x is (2, 3) of rank 2");
    CHECK_THROWS_WITH(max(a, {0, -2}), "max: axis 0 is named twice: x is (2, 3)");
    CHECK_THROWS_WITH(max(Tensor(op::array({{0, 3}, {}})), {0}),
                      "max: axis 0 is empty: x is (0, 3)");
    CHECK_THROWS_WITH(reshape(a, {4}),
                      "reshape: numbers of elements differ: x is (2, 3), shape is (4)");
    CHECK_THROWS_WITH(permute(a, {0}),
                      "permute: order must name every axis once: x is (2, 3), order is (0)");
    CHECK_THROWS_WITH(permute(a, {0, 2}), "permute: axis 2 is out of range: x is (2, 3) of rank 2");
    CHECK_THROWS_WITH(transpose(a, 0, 2),
                      "transpose: axis 2 is out of range: x is (2, 3) of rank 2");
    CHECK_THROWS_WITH(slice(a, 1, 2, 4), "slice: 2 to 4 is no range of axis 1: x is (2, 3)");
    CHECK_THROWS_WITH(slice(a, 2, 0, 1), "slice: axis 2 is out of range: x is (2, 3) of rank 2");
    CHECK_THROWS_WITH(expand(a, {3, 3}),
                      "expand: x does not broadcast to the shape: x is (2, 3), shape is (3, 3)");
    CHECK_THROWS_WITH(pad(a, 0, -1, 0),
                      "pad: a negative number of zeros: x is (2, 3), before is -1, after is 0");
    CHECK_THROWS_WITH(pick(a, {0, 1, 2}), "pick: a label for each row: x is (2, 3), labels are 3");
    CHECK_THROWS_WITH(pick(b, {0, 1}), "pick: a label for each row: x is (2), labels are 2");
    CHECK_THROWS_AS(pick(a, {0, 3}), Error);
    CHECK_THROWS_WITH(pick(a, {0, 3}), "pick: label 1 is 3, and x is (2, 3)");
    CHECK_THROWS_WITH(pick(a, {-1, 0}), "pick: label 0 is -1, and x is (2, 3)");
    CHECK(tape.nodes().empty());
  });
}

TEST_CASE("a quotient names the shapes that it cannot take", "[stage_05][5.5]") {
  on_both([] {
    const Tensor a(op::array(filled({2, 3}, 1)), true);
    const Tensor b(op::array(filled({2}, 1)), true);
    CHECK_THROWS_WITH(a / b, "divide: shapes do not broadcast: a is (2, 3), b is (2)");
  });
}

TEST_CASE("a product names the shapes that it cannot take", "[stage_05][5.6]") {
  on_both([] {
    const Tensor a(op::array(filled({2, 3}, 1)), true);
    const Tensor row(op::array(filled({3}, 1)), true);
    const Tensor stack(op::array(filled({2, 3, 4}, 1)), true);
    const Tensor stacks(op::array(filled({5, 4, 6}, 1)), true);
    CHECK_THROWS_WITH(matmul(a, a), "matmul: inner dimensions differ: a is (2, 3), b is (2, 3)");
    CHECK_THROWS_WITH(matmul(a, row),
                      "matmul: operands must be matrices or stacks of them: a is (2, 3), b is (3)");
    CHECK_THROWS_WITH(matmul(stack, stacks),
                      "matmul: batch axes do not broadcast: a is (2, 3, 4), b is (5, 4, 6)");
  });
}

}  // namespace
}  // namespace nt
