#include <limits>

#include "check/catch.hpp"
#include "check/diagnosis.hpp"

namespace nt {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kTolerance = 1e-5F;

/// The diagnosis, or "silence".
std::string told(const HostArray& actual, const HostArray& expected, float tolerance = kTolerance) {
  return diagnose(actual, expected, tolerance).value_or("silence");
}

/// 0.5, 1.5, 2.5, ... in the given shape.
HostArray counting(const Shape& shape) {
  HostArray array{shape, {}};
  for (std::int64_t i = 0; i < shape.count(); ++i) {
    array.values.push_back(static_cast<float>(i) + 0.5F);
  }
  return array;
}

/// Every element times `factor` plus `offset`.
HostArray scaled(HostArray array, float factor, float offset = 0) {
  for (float& value : array.values) value = value * factor + offset;
  return array;
}

TEST_CASE("the first NaN or infinity is named where a finite number is expected",
          "[check][diagnosis]") {
  HostArray actual = counting({2, 3});
  actual.values[4] = kInfinity;
  CHECK(told(actual, counting({2, 3})) ==
        "the first infinity stands at [1, 1], where 4.5 is expected: look for a division by zero, "
        "or an exp, log or sqrt out of its range");
  actual.values[1] = kNaN;
  CHECK_THAT(told(actual, counting({2, 3})),
             contains_text("the first NaN stands at [0, 1], where 1.5 is expected"));
}

TEST_CASE("an infinity that is expected is not blamed", "[check][diagnosis]") {
  const HostArray expected{{3}, {-kInfinity, 1, 2}};
  CHECK(told({{3}, {-kInfinity, 2, 4}}, expected) ==
        "every element is twice the expected: accumulated two times");
  CHECK(told({{3}, {-kInfinity, 1.5F, 2.5F}}, expected) == "every element is 0.5 too large");
  CHECK(told({{3}, {kInfinity, 1, 2}}, expected) == "silence");
  CHECK(told({{2}, {1, 2}}, {{2}, {kNaN, 2}}) == "silence");
}

TEST_CASE("a result that was never written is recognised", "[check][diagnosis]") {
  CHECK(told(scaled(counting({2, 3}), 0), counting({2, 3})) ==
        "every element is zero: nothing was written, or nothing arrived");
}

TEST_CASE("a transpose is recognised, square or not, and under leading axes",
          "[check][diagnosis]") {
  const std::string transpose =
      "this is the transpose of the expected: the last two axes are swapped";
  CHECK(told({{2, 2}, {1, 3, 2, 4}}, {{2, 2}, {1, 2, 3, 4}}) == transpose);
  CHECK(told({{3, 2}, {1, 4, 2, 5, 3, 6}}, {{2, 3}, {1, 2, 3, 4, 5, 6}}) == transpose);
  CHECK(told({{2, 1, 2}, {1, 2, 3, 4}}, {{2, 2, 1}, {1, 2, 3, 4}}) == transpose);
  CHECK(told({{2, 2, 2}, {1, 3, 2, 4, 5, 7, 6, 8}}, {{2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}}) ==
        transpose);
  CHECK(told({{3, 2}, {1, 1, 1, 1, 1, 1}}, {{2, 3}, {1, 1, 1, 1, 1, 1}}) != transpose);
}

TEST_CASE("right values under a wrong shape are recognised", "[check][diagnosis]") {
  const std::string shape = "the values are right, row by row: only the shape is wrong";
  CHECK(told(counting({1, 3}), counting({3})) == shape);
  CHECK(told(counting({3, 2}), counting({2, 3})) == shape);
  CHECK(told({{1}, {2.5F}}, {{}, {2.5F}}) == shape);
  CHECK(told({{3, 2}, {0, 0, 0, 0, 0, 0}}, {{2, 3}, {0, 0, 0, 0, 0, 0}}) == "silence");
}

TEST_CASE("a buffer read in memory order is recognised", "[check][diagnosis]") {
  CHECK(told({{2, 3}, {1, 4, 2, 5, 3, 6}}, {{2, 3}, {1, 2, 3, 4, 5, 6}}) ==
        "right only where strides are contiguous: the buffer was read in memory order (these are "
        "the expected elements, row by row, with the axes in the order 1, 0)");
  // A (2, 2, 3) view of a (2, 3, 2) buffer whose last two axes it swaps, below an axis of its own.
  CHECK_THAT(told({{2, 2, 3}, {1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12}},
                  {{2, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}),
             contains_text("with the axes in the order 0, 2, 1)"));
  CHECK(told({{2, 3}, {1, 4, 2, 5, 6, 3}}, {{2, 3}, {1, 2, 3, 4, 5, 6}}) == "silence");
}

TEST_CASE("a missing sum over broadcast axes is recognised and its axes named",
          "[check][diagnosis]") {
  CHECK(told({{2, 3}, {1, 2, 3, 10, 20, 30}}, {{3}, {11, 22, 33}}) ==
        "the sum over axis 0 is missing: the operand was broadcast along it, so its gradient is "
        "summed back");
  CHECK_THAT(told({{2, 3}, {1, 2, 3, 10, 20, 30}}, {{2, 1}, {6, 60}}),
             contains_text("the sum over axis 1 is missing"));
  CHECK_THAT(told(scaled(counting({2, 3, 2}), 0, 1), {{3, 1}, {4, 4, 4}}),
             contains_text("the sum over axes 0 and 2 is missing"));
  CHECK_THAT(told(counting({2, 2, 2}), {{}, {32}}),
             contains_text("the sum over axes 0, 1 and 2 is missing"));
  CHECK(told({{2, 3}, {1, 2, 3, 10, 20, 30}}, {{3}, {11, 22, 34}}) == "silence");
  CHECK(told({{2, 1}, {1, -1}}, {{1}, {0}}) == "silence");
  CHECK(told({{2, 3}, {1, 2, 3, 10, 20, 30}}, {{2}, {11, 22}}) == "silence");
}

TEST_CASE("a wrong sign and a double accumulation are recognised", "[check][diagnosis]") {
  CHECK(told(scaled(counting({5}), -1), counting({5})) == "every element has the wrong sign");
  CHECK(told(scaled(counting({5}), 2), counting({5})) ==
        "every element is twice the expected: accumulated two times");
  CHECK(told(scaled(counting({2, 3}), 2), counting({2, 3})) ==
        "every element is twice the expected: accumulated two times, or a sum where a mean is "
        "meant (2 is the length of axis 0)");
  CHECK(told({{}, {-3}}, {{}, {3}}) == "every element has the wrong sign");
}

TEST_CASE("a sum in place of a mean is recognised, and the reverse", "[check][diagnosis]") {
  CHECK(told(scaled(counting({2, 3}), 3), counting({2, 3})) ==
        "every element is 3 times the expected: a sum where a mean is meant (3 is the length of "
        "axis 1)");
  CHECK(told(scaled(counting({4, 4}), 0.25F), counting({4, 4})) ==
        "every element is 1/4 of the expected: a mean where a sum is meant (4 is the length of "
        "axes 0 and 1)");
  CHECK(told({{2, 3}, {1, 1, 1, 1, 1, 1}}, scaled(counting({2, 3}), 0, 1.0F / 6)) ==
        "every element is 6 times the expected: a sum where a mean is meant (6 is the number of "
        "elements)");
  CHECK_THAT(told(scaled(counting({2, 3, 5}), 0.1F), counting({2, 3, 5})),
             contains_text("(10 is the number of elements along axes 0 and 2)"));
}

TEST_CASE("a lone number among zeros is no evidence for a mean", "[check][diagnosis]") {
  CHECK_FALSE(diagnose({{3}, {0, 3, 0}}, {{3}, {0, 1, 0}}, kTolerance));
}

TEST_CASE("any other factor is named with its value", "[check][diagnosis]") {
  CHECK(told(scaled(counting({5}), 7), counting({5})) == "every element is 7 times the expected");
  CHECK(told(scaled(counting({5}), 0.125F), counting({5})) ==
        "every element is 1/8 of the expected");
  CHECK(told(scaled(counting({5}), 0.70710678F), counting({5})) ==
        "every element is 0.70711 times the expected");
  CHECK(told(scaled(counting({5}), -3), counting({5})) == "every element is -3 times the expected");
  CHECK(told(scaled(counting({5}), -0.25F), counting({5})) ==
        "every element is -0.25 times the expected");
}

TEST_CASE("an offset is named with its value", "[check][diagnosis]") {
  CHECK(told(scaled(counting({5}), 1, 0.25F), counting({5})) == "every element is 0.25 too large");
  CHECK(told(scaled(counting({5}), 1, -3), counting({5})) == "every element is 3 too small");
}

TEST_CASE("rows that do not sum to 1 are recognised", "[check][diagnosis]") {
  const HostArray expected{{2, 3}, {0.2F, 0.3F, 0.5F, 0.6F, 0.3F, 0.1F}};
  CHECK(told({{2, 3}, {0.2F, 0.4F, 0.5F, 0.9F, 0.8F, 0.7F}}, expected) ==
        "the rows do not sum to 1, as the expected do: row [1] sums to 2.4");
  CHECK(told({{2}, {0.5F, 0.75F}}, {{2}, {0.25F, 0.75F}}) ==
        "the rows do not sum to 1, as the expected do: the only row sums to 1.25");
  CHECK(told({{2, 3}, {0.5F, 0.3F, 0.2F, 0.1F, 0.2F, 0.7F}}, expected) == "silence");
}

TEST_CASE("rows of an identity are not taken for probabilities", "[check][diagnosis]") {
  CHECK(told({{2, 2}, {1, 1, 2, 1}}, {{2, 2}, {1, 0, 0, 1}}) == "silence");
}

TEST_CASE("nothing is said of arrays that are close, or empty", "[check][diagnosis]") {
  CHECK(told(counting({2, 3}), counting({2, 3})) == "silence");
  CHECK(told(scaled(counting({2, 3}), 1, 1e-6F), counting({2, 3})) == "silence");
  CHECK(told({{0, 3}, {}}, {{3, 0}, {}}) == "silence");
  CHECK(told({{0, 3}, {}}, {{3}, {0, 0, 0}}) == "silence");
}

TEST_CASE("nothing is said where one number would fit anything", "[check][diagnosis]") {
  CHECK(told({{}, {3.5F}}, {{}, {0.7F}}) == "silence");
  CHECK(told({{1}, {3}}, {{1}, {1}}) == "silence");
  CHECK(told({{2}, {3, 3}}, {{2}, {1, 1}}) == "silence");
  CHECK(told({{3}, {-kInfinity, 5, 5}}, {{3}, {-kInfinity, 1, 1}}) == "silence");
  CHECK(told({{3}, {0, 7, 0}}, {{3}, {0, 1, 0}}) == "silence");
  CHECK(told({{3}, {1, 1, 1}}, {{3}, {0, 0, 0}}) == "silence");
}

TEST_CASE("nothing is said when one element alone breaks the pattern", "[check][diagnosis]") {
  HostArray actual = scaled(counting({2, 3}), 2);
  actual.values[3] += 0.01F;
  CHECK(told(actual, counting({2, 3})) == "silence");
  actual = scaled(counting({2, 3}), 1, 4);
  actual.values[0] += 0.01F;
  CHECK(told(actual, counting({2, 3})) == "silence");
}

TEST_CASE("nothing is said of a difference hardly larger than the tolerance",
          "[check][diagnosis]") {
  // A factor of 1.0016 would bring both within the tolerance, and mean nothing.
  CHECK(told({{2}, {1.002F, 0.5F}}, {{2}, {1, 0.5F}}, 1e-3F) == "silence");
}

}  // namespace
}  // namespace nt
