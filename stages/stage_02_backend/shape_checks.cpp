// The shape rules: what each operation accepts, what shape it gives, and what it says when a rule
// is broken. No kernel runs here.

#include <string>
#include <vector>

#include "by_hand/operations.hpp"
#include "check/catch.hpp"
#include "core/errors.hpp"
#include "shape_rules.hpp"

namespace nt {
namespace {

Array array_of(const Shape& shape) {
  const std::vector<float> zeros(static_cast<std::size_t>(shape.count()));
  return by_hand::eigen_operations().array({shape, zeros});
}

Shape broadcast(const Shape& a, const Shape& b) {
  Array array_a = array_of(a);
  Array array_b = array_of(b);
  return shape_rule::broadcast("add", array_a, array_b);
}

TEST_CASE("broadcast aligns shapes at the last axis", "[stage_02][2.3]") {
  CHECK(broadcast({2, 3}, {2, 3}) == Shape{2, 3});
  CHECK(broadcast({2, 3}, {3}) == Shape{2, 3});
  CHECK(broadcast({3}, {2, 3}) == Shape{2, 3});
  CHECK(broadcast({}, {2, 3}) == Shape{2, 3});
  CHECK(broadcast({2, 3}, {}) == Shape{2, 3});
  CHECK(broadcast({}, {}) == Shape{});
}

TEST_CASE("broadcast repeats an axis of size 1 on either side", "[stage_02][2.3]") {
  CHECK(broadcast({2, 1}, {2, 3}) == Shape{2, 3});
  CHECK(broadcast({2, 3}, {2, 1}) == Shape{2, 3});
  CHECK(broadcast({2, 1}, {1, 3}) == Shape{2, 3});
  CHECK(broadcast({4, 1, 3}, {5, 1}) == Shape{4, 5, 3});
  CHECK(broadcast({1, 1}, {1}) == Shape{1, 1});
}

TEST_CASE("broadcast makes an axis of size 1 empty where the other is", "[stage_02][2.3]") {
  CHECK(broadcast({1, 3}, {0, 3}) == Shape{0, 3});
  CHECK(broadcast({0, 3}, {1, 3}) == Shape{0, 3});
  CHECK(broadcast({2, 0}, {}) == Shape{2, 0});
  CHECK_THROWS_WITH(broadcast({2, 0}, {2, 3}),
                    "add: shapes do not broadcast: a is (2, 0), b is (2, 3)");
}

TEST_CASE("broadcast rejects sizes that differ", "[stage_02][2.3]") {
  CHECK_THROWS_AS(broadcast({2, 3}, {2}), ShapeError);
  CHECK_THROWS_WITH(broadcast({2, 3}, {2}), "add: shapes do not broadcast: a is (2, 3), b is (2)");
  CHECK_THROWS_WITH(broadcast({2, 3, 4}, {3, 3, 4}),
                    "add: shapes do not broadcast: a is (2, 3, 4), b is (3, 3, 4)");
}

Shape matmul(const Shape& a, const Shape& b) {
  Array array_a = array_of(a);
  Array array_b = array_of(b);
  return shape_rule::matmul("matmul", array_a, array_b);
}

TEST_CASE("matmul takes (M, K) and (K, N) to (M, N)", "[stage_02][2.4]") {
  CHECK(matmul({2, 3}, {3, 4}) == Shape{2, 4});
  CHECK(matmul({1, 3}, {3, 1}) == Shape{1, 1});
  CHECK(matmul({2, 0}, {0, 4}) == Shape{2, 4});  // sums of nothing: zeros
}

TEST_CASE("matmul broadcasts the axes before the last two", "[stage_02][2.4]") {
  CHECK(matmul({5, 2, 3}, {5, 3, 4}) == Shape{5, 2, 4});
  CHECK(matmul({5, 2, 3}, {3, 4}) == Shape{5, 2, 4});
  CHECK(matmul({2, 3}, {5, 3, 4}) == Shape{5, 2, 4});
  CHECK(matmul({6, 1, 2, 3}, {5, 3, 4}) == Shape{6, 5, 2, 4});
}

TEST_CASE("matmul rejects different inner dimensions", "[stage_02][2.4]") {
  CHECK_THROWS_AS(matmul({2, 3}, {4, 5}), ShapeError);
  CHECK_THROWS_WITH(matmul({2, 3}, {4, 5}),
                    "matmul: inner dimensions differ: a is (2, 3), b is (4, 5)");
  CHECK_THROWS_WITH(matmul({2, 3}, {4, 3}),
                    "matmul: inner dimensions differ: a is (2, 3), b is (4, 3)");
  CHECK_THROWS_WITH(matmul({2, 1}, {3, 4}),  // an inner size of 1 does not broadcast
                    "matmul: inner dimensions differ: a is (2, 1), b is (3, 4)");
}

TEST_CASE("matmul rejects vectors, and batches that do not broadcast", "[stage_02][2.4]") {
  CHECK_THROWS_WITH(matmul({3}, {3, 4}),
                    "matmul: operands must be matrices or stacks of them: a is (3), b is (3, 4)");
  CHECK_THROWS_WITH(matmul({2, 3}, {3}),
                    "matmul: operands must be matrices or stacks of them: a is (2, 3), b is (3)");
  CHECK_THROWS_WITH(matmul({}, {2, 2}),
                    "matmul: operands must be matrices or stacks of them: a is (), b is (2, 2)");
  CHECK_THROWS_WITH(matmul({2, 3, 4}, {5, 4, 6}),
                    "matmul: batch axes do not broadcast: a is (2, 3, 4), b is (5, 4, 6)");
}

TEST_CASE("a reduction drops its axes, or keeps them with size 1", "[stage_02][shapes]") {
  Array x = array_of({2, 3, 4});
  const auto reduced = [&](Axes axes, bool keepdim) {
    return shape_rule::reduce("sum", x, axes, keepdim);
  };
  CHECK(reduced({1}, false) == Shape{2, 4});
  CHECK(reduced({1}, true) == Shape{2, 1, 4});
  CHECK(reduced({-1, 0}, false) == Shape{3});
  CHECK(reduced({-1, 0}, true) == Shape{1, 3, 1});
  CHECK(reduced({}, false) == Shape{2, 3, 4});
  CHECK(reduced({0, 1, 2}, false) == Shape{});
}

TEST_CASE("an axis out of range or named twice is rejected", "[stage_02][shapes]") {
  Array x = array_of({2, 3});
  bool keepdim = false;
  const auto reduced = [&](Axes axes) { return shape_rule::reduce("sum", x, axes, keepdim); };
  CHECK_THROWS_AS(reduced({2}), ShapeError);
  CHECK_THROWS_WITH(reduced({2}), "sum: axis 2 is out of range: x is (2, 3) of rank 2");
  CHECK_THROWS_WITH(reduced({-3}), "sum: axis -3 is out of range: x is (2, 3) of rank 2");
  CHECK_THROWS_WITH(reduced({0, 1, 0}), "sum: axis 0 is named twice: x is (2, 3)");
  CHECK_THROWS_WITH(reduced({1, -1}), "sum: axis 1 is named twice: x is (2, 3)");
}

TEST_CASE("a largest element needs elements to choose from", "[stage_02][shapes]") {
  Array x = array_of({2, 0});
  bool keepdim = false;
  Axes empty{1};
  CHECK_THROWS_AS(shape_rule::reduce_some("max", x, empty, keepdim), ShapeError);
  CHECK_THROWS_WITH(shape_rule::reduce_some("max", x, empty, keepdim),
                    "max: axis 1 is empty: x is (2, 0)");
  Axes filled{0};
  CHECK(shape_rule::reduce_some("max", x, filled, keepdim) == Shape{0});
  int axis = -1;
  CHECK_THROWS_WITH(shape_rule::reduce_one_axis("argmax", x, axis, keepdim),
                    "argmax: axis 1 is empty: x is (2, 0)");
  axis = -2;
  CHECK(shape_rule::reduce_one_axis("argmax", x, axis, keepdim) == Shape{0});
  CHECK(axis == 0);
}

TEST_CASE("values fill the shape of a new array", "[stage_02][shapes]") {
  HostArray values{{2, 3}, {1, 2, 3, 4, 5, 6}};
  CHECK(shape_rule::of_values("array", values) == Shape{2, 3});
  values.values.pop_back();
  CHECK_THROWS_WITH(shape_rule::of_values("array", values),
                    "array: values do not fill the shape: the shape is (2, 3), values are 5");
}

TEST_CASE("reshape keeps the number of elements", "[stage_02][shapes]") {
  Array x = array_of({2, 3});
  const auto reshaped = [&](Shape shape) { return shape_rule::reshape("reshape", x, shape); };
  CHECK(reshaped({3, 2}) == Shape{3, 2});
  CHECK(reshaped({1, 6, 1}) == Shape{1, 6, 1});
  CHECK_THROWS_AS(reshaped({4}), ShapeError);
  CHECK_THROWS_WITH(reshaped({4}),
                    "reshape: numbers of elements differ: x is (2, 3), shape is (4)");
}

TEST_CASE("permute and transpose reorder the axes", "[stage_02][shapes]") {
  Array x = array_of({2, 3, 4});
  const auto permuted = [&](Axes order) { return shape_rule::permute("permute", x, order); };
  CHECK(permuted({2, 0, 1}) == Shape{4, 2, 3});  // axis 0 of the result is axis 2 of x
  CHECK(permuted({-1, 0, -2}) == Shape{4, 2, 3});
  CHECK_THROWS_WITH(permuted({0, 1}),
                    "permute: order must name every axis once: x is (2, 3, 4), order is (0, 1)");
  CHECK_THROWS_WITH(permuted({0, 1, 1}), "permute: axis 1 is named twice: x is (2, 3, 4)");

  int last = -1;
  int front = 0;
  CHECK(shape_rule::transpose("transpose", x, last, front) == Shape{4, 3, 2});
  CHECK(last == 2);
  CHECK(shape_rule::transpose("transpose", x, last, last) == Shape{2, 3, 4});
  int beyond = 3;
  CHECK_THROWS_WITH(shape_rule::transpose("transpose", x, front, beyond),
                    "transpose: axis 3 is out of range: x is (2, 3, 4) of rank 3");
}

TEST_CASE("slice takes a range of an axis", "[stage_02][shapes]") {
  Array x = array_of({2, 3});
  const auto sliced = [&](int axis, std::int64_t start, std::int64_t stop) {
    return shape_rule::slice("slice", x, axis, start, stop);
  };
  CHECK(sliced(-1, 1, 3) == Shape{2, 2});
  CHECK(sliced(0, 0, 2) == Shape{2, 3});
  CHECK(sliced(1, 3, 3) == Shape{2, 0});
  CHECK_THROWS_AS(sliced(1, 1, 4), ShapeError);
  CHECK_THROWS_WITH(sliced(1, 1, 4), "slice: 1 to 4 is no range of axis 1: x is (2, 3)");
  CHECK_THROWS_WITH(sliced(1, 2, 1), "slice: 2 to 1 is no range of axis 1: x is (2, 3)");
  CHECK_THROWS_WITH(sliced(-1, -1, 2), "slice: -1 to 2 is no range of axis 1: x is (2, 3)");
}

TEST_CASE("expand broadcasts x alone", "[stage_02][shapes]") {
  Array x = array_of({2, 1});
  const auto expanded = [&](Shape shape) { return shape_rule::expand("expand", x, shape); };
  CHECK(expanded({2, 3}) == Shape{2, 3});
  CHECK(expanded({4, 2, 1}) == Shape{4, 2, 1});
  CHECK(expanded({2, 0}) == Shape{2, 0});
  const std::string rule = "expand: x does not broadcast to the shape: x is (2, 1), shape is ";
  CHECK_THROWS_WITH(expanded({3, 3}), rule + "(3, 3)");
  CHECK_THROWS_WITH(expanded({1, 3}), rule + "(1, 3)");  // both broadcast, but to (2, 3)
  CHECK_THROWS_WITH(expanded({1}), rule + "(1)");
}

TEST_CASE("pad adds zeros to an axis", "[stage_02][shapes]") {
  Array x = array_of({2, 3});
  const auto padded = [&](int axis, std::int64_t before, std::int64_t after) {
    return shape_rule::pad("pad", x, axis, before, after);
  };
  CHECK(padded(-1, 1, 2) == Shape{2, 6});  // 1 + 3 + 2
  CHECK(padded(0, 0, 0) == Shape{2, 3});
  CHECK_THROWS_WITH(padded(1, -1, 0),
                    "pad: a negative number of zeros: x is (2, 3), before is -1, after is 0");
  CHECK_THROWS_WITH(padded(1, 0, -2),
                    "pad: a negative number of zeros: x is (2, 3), before is 0, after is -2");
}

}  // namespace
}  // namespace nt
