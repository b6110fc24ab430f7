#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "check/compare.hpp"

namespace nt {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

/// An Array that is nothing but values, as a backend's would be.
Array array_of(HostArray content) {
  struct Plain final : Array::Holder {
    explicit Plain(HostArray array) : content(std::move(array)) {}
    const Shape& shape() const override { return content.shape; }
    Backend backend() const override { return Backend::naive; }
    std::vector<float> values() const override { return content.values; }
    HostArray content;
  };
  return Array(std::make_shared<Plain>(std::move(content)));
}

TEST_CASE("arrays are close when every element is within the tolerance", "[check][compare]") {
  const HostArray expected{{2, 2}, {1, 2, 3, 4}};
  const Comparison same = compare(expected, expected, 0);
  CHECK(same.close);
  CHECK(same.report.empty());
  CHECK(compare({{2, 2}, {1, 2, 3, 4.5F}}, expected, 0.5F).close);
  CHECK_FALSE(compare({{2, 2}, {1, 2, 3, 4.5F}}, expected, 0.4F).close);
}

TEST_CASE("an infinity is close to itself, and NaN to nothing", "[check][compare]") {
  CHECK(compare({{2}, {kInfinity, -kInfinity}}, {{2}, {kInfinity, -kInfinity}}, 0).close);
  CHECK_FALSE(compare({{1}, {kInfinity}}, {{1}, {-kInfinity}}, 1e30F).close);
  CHECK_FALSE(compare({{1}, {3}}, {{1}, {kInfinity}}, 1e30F).close);
  CHECK_FALSE(compare({{1}, {kNaN}}, {{1}, {kNaN}}, 1).close);
  CHECK(compare({{2}, {-kNaN, 1}}, {{2}, {kNaN, 1}}, 1).report ==
        "shapes: both (2)\n"
        "worst at [0]: actual nan, expected nan\n"
        "largest error: absolute inf, relative inf\n"
        "off by more than 1: 1 of 2 elements\n"
        "window [0:2], actual | expected:\n"
        "  nan    1  |  nan    1");
}

TEST_CASE("empty arrays are close when their shapes agree", "[check][compare]") {
  CHECK(compare({{0, 3}, {}}, {{0, 3}, {}}, 0).close);
  CHECK(compare({{0, 3}, {}}, {{3, 0}, {}}, 0).report ==
        "shapes differ: actual (0, 3), expected (3, 0)");
}

TEST_CASE("the report of a single number has no window", "[check][compare]") {
  CHECK(compare({{}, {1.5F}}, {{}, {1.5F}}, 0).close);
  CHECK(compare({{}, {1.75F}}, {{}, {1.25F}}, 0.1F).report ==
        "shapes: both ()\n"
        "worst at []: actual 1.75, expected 1.25\n"
        "largest error: absolute 0.5, relative 0.4\n"
        "off by more than 0.1: 1 of 1 elements");
}

TEST_CASE("a report shows the worst element and its neighbours", "[check][compare]") {
  const HostArray expected{{3, 4}, {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23}};
  HostArray actual = expected;
  actual.values[5] = 11.5F;
  actual.values[7] = -100;
  CHECK(compare(actual, expected, 0.25F).report ==
        "shapes: both (3, 4)\n"
        "worst at [1, 3]: actual -100, expected 13\n"
        "largest error: absolute 113, relative 8.692\n"
        "off by more than 0.25: 2 of 12 elements\n"
        "window [0:3, 2:4], actual | expected:\n"
        "     2     3  |   2   3\n"
        "    12  -100  |  12  13\n"
        "    22    23  |  22  23");
}

TEST_CASE("the worst element is the first of equals, and zeros have no relative error",
          "[check][compare]") {
  CHECK_THAT(compare({{3}, {0, 5, -5}}, {{3}, {0, 0, 0}}, 0).report,
             contains_text("worst at [1]: actual 5, expected 0\n"
                           "largest error: absolute 5, relative none\n"));
}

TEST_CASE("a window lies in the last two axes", "[check][compare]") {
  HostArray expected{{2, 3, 3}, std::vector<float>(18, 1)};
  expected.values[12] = 2;
  HostArray actual = expected;
  actual.values[12] = 0.125F;
  CHECK_THAT(compare(actual, expected, 1e-3F).report,
             contains_text("window [1, 0:3, 0:2], actual | expected:\n"
                           "      1      1  |  1  1\n"
                           "  0.125      1  |  2  1\n"
                           "      1      1  |  1  1"));
}

TEST_CASE("a report opens with the likely mistake, also when shapes differ", "[check][compare]") {
  CHECK(compare({{3, 2}, {1, 4, 2, 5, 3, 6}}, {{2, 3}, {1, 2, 3, 4, 5, 6}}, 0).report ==
        "likely mistake: this is the transpose of the expected: the last two axes are swapped\n"
        "shapes differ: actual (3, 2), expected (2, 3)");
  CHECK(compare({{2}, {7, 9}}, {{3}, {1, 2, 3}}, 0).report ==
        "shapes differ: actual (2), expected (3)");
}

TEST_CASE("an array that breaks its own shape's promise is told, not read", "[check][compare]") {
  CHECK(compare({{2, 3}, {1, 2}}, {{2, 3}, {1, 2, 3, 4, 5, 6}}, 0).report ==
        "actual has the shape (2, 3), which is 6 elements, but holds 2");
  CHECK(compare({{1}, {1}}, {{1}, {1, 2}}, 0).report ==
        "expected has the shape (1), which is 1 elements, but holds 2");
}

TEST_CASE("views are convicted when contiguous operands give the right result",
          "[check][compare]") {
  const HostArray expected{{2, 2}, {1, 2, 3, 4}};
  const HostArray wrong{{2, 2}, {1, 3, 2, 4}};
  CHECK_THAT(compare(wrong, expected, 0, expected).report,
             Catch::Matchers::StartsWith(
                 "likely mistake: right only where strides are contiguous: the same operation is "
                 "right on contiguous copies of its operands, so it ignores a view's strides or "
                 "offset\nshapes: both (2, 2)\n"));
  CHECK_THAT(compare(wrong, expected, 0, wrong).report, contains_text("this is the transpose"));
  CHECK(compare(expected, expected, 0, wrong).close);
}

TEST_CASE("close_to matches host arrays and arrays of a backend", "[check][close_to]") {
  const HostArray expected{{2}, {1, 2}};
  CHECK_THAT(expected, close_to(expected, 0));
  CHECK_THAT(array_of(expected), close_to(expected, 0));
  CHECK_THAT(expected, close_to(array_of(expected), 0));
  CHECK_THAT(array_of(expected), close_to(array_of(expected), 0).on_contiguous(array_of(expected)));
  CHECK_THAT((HostArray{{2}, {1, 3}}), !close_to(expected, 0.5F));
}

TEST_CASE("close_to keeps what it was given", "[check][close_to]") {
  auto expected = std::make_unique<HostArray>(HostArray{{2}, {1, 2}});
  const CloseTo matcher = close_to(*expected, 0);
  expected.reset();
  CHECK_THAT((HostArray{{2}, {1, 2}}), matcher);
}

TEST_CASE("a failed close_to describes the difference of that match", "[check][close_to]") {
  const CloseTo matcher = close_to(HostArray{{2}, {1, 2}}, 0.5F);
  CHECK_FALSE(matcher.match(HostArray{{2}, {-1, -2}}));
  CHECK(matcher.describe() ==
        "is within 0.5 of the expected\n"
        "likely mistake: every element has the wrong sign\n"
        "shapes: both (2)\n"
        "worst at [1]: actual -2, expected 2\n"
        "largest error: absolute 4, relative 2\n"
        "off by more than 0.5: 2 of 2 elements\n"
        "window [0:2], actual | expected:\n"
        "  -1  -2  |  1  2");
  CHECK(matcher.match(HostArray{{2}, {1, 2}}));
  CHECK(matcher.describe() == "is within 0.5 of (2) {1, 2}");
  CHECK_FALSE(matcher.match(Array()));
  CHECK_THAT(matcher.describe(), contains_text("empty handle"));
}

TEST_CASE("a failed close_to on views tells of the strides", "[check][close_to]") {
  const HostArray expected{{2}, {1, 2}};
  const CloseTo matcher = close_to(expected, 0).on_contiguous(expected);
  CHECK_FALSE(matcher.match(HostArray{{2}, {2, 1}}));
  CHECK_THAT(matcher.describe(), contains_text("right only where strides are contiguous"));
}

TEST_CASE("shapes and arrays are printed as a reader writes them", "[check][close_to]") {
  using Catch::Detail::stringify;
  CHECK(stringify(Shape{2, 3}) == "(2, 3)");
  CHECK(stringify(HostArray{{}, {2.5F}}) == "() {2.5}");
  CHECK(stringify(HostArray{{6}, {1, 2, 3, 4, 5, 1.23456F}}) == "(6) {1, 2, 3, 4, 5, 1.235}");
  CHECK(stringify(array_of({{2, 4}, {1, 2, 3, 4, 5, 6, 7, 8}})) == "(2, 4) {1, 2, 3, 4, ...}");
  CHECK(stringify(Array()) == "an empty handle");
}

TEST_CASE("the largest difference minds shapes and NaN", "[check][compare]") {
  const HostArray a{{2}, {1, 2}};
  CHECK(largest_difference(a, {{2}, {1, 2.5}}) == 0.5);
  CHECK(std::isinf(largest_difference(a, {{1, 2}, {1, 2}})));
  CHECK(std::isnan(largest_difference(a, {{2}, {kNaN, 2}})));
}

}  // namespace
}  // namespace nt
