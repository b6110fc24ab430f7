// Axes and curves.

#include <cmath>
#include <limits>

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "line_chart.hpp"
#include "well_formed.hpp"

namespace nt {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The marks as they are written, with blanks in between.
std::string marks(double low, double high, int most = 6) {
  std::string text;
  for (const double mark : axis_marks(low, high, most)) text += mark_text(mark) + " ";
  return text;
}

TEST_CASE("marks are multiples of 1, 2 or 5 times a power of ten", "[stage_18][18.3]") {
  CHECK(marks(0, 2.5) == "0 0.5 1 1.5 2 2.5 ");
  CHECK(marks(0, 100) == "0 20 40 60 80 100 ");
  CHECK(marks(0, 1) == "0 0.2 0.4 0.6 0.8 1 ");
  CHECK(marks(1, 1565, 8) == "200 400 600 800 1000 1200 1400 ");
  CHECK(marks(1, 5, 8) == "1 2 3 4 5 ");
  CHECK(marks(-3, 4) == "-2 0 2 4 ");
  CHECK(marks(1e-5, 4e-5) == "1e-05 2e-05 3e-05 4e-05 ");
  CHECK(marks(2.1, 2.2, 3) == "2.1 2.15 2.2 ");
}

TEST_CASE("an end that is a mark but for its last bit has one", "[stage_18][18.3]") {
  CHECK(marks(0, 0.3, 4) == "0 0.1 0.2 0.3 ");
  CHECK(marks(0.1 + 0.2, 0.7, 5) == "0.3 0.4 0.5 0.6 0.7 ");
}

TEST_CASE("there are two marks or more, and never more than are wanted", "[stage_18][18.3]") {
  for (const double low : {-7.3, 0.0, 0.013, 41.0}) {
    for (const double width : {1e-4, 0.37, 1.0, 3.9, 17.0, 99.0, 12345.0}) {
      for (const int most : {5, 6, 8, 12}) {
        CAPTURE(low, width, most);
        const std::vector<double> all = axis_marks(low, low + width, most);
        REQUIRE(all.size() >= 2);
        CHECK(std::ssize(all) <= most);
        const double step = all[1] - all[0];
        const double slack = 1e-8 * step;  // of the sums in this check
        CHECK(all.front() >= low - slack);
        CHECK(all.back() <= low + width + slack);
        CHECK(all.front() - step < low);  // none is missing before the first or behind the last
        CHECK(all.back() + step > low + width);
        // The next smaller step, at most 2.5 times smaller, would have given too many.
        CHECK(width / (step / 2.5) + 1 > most);
      }
    }
  }
}

TEST_CASE("an axis without a width has no marks", "[stage_18]") {
  CHECK_THROWS_WITH(axis_marks(3, 1), "axis: from 3 to 1: expected a number and a larger one");
  CHECK_THROWS_WITH(axis_marks(2, 2), "axis: from 2 to 2: expected a number and a larger one");
  CHECK_THROWS_WITH(axis_marks(0, kNaN), "axis: from 0 to nan: expected a number and a larger one");
  CHECK_THROWS_WITH(axis_marks(0, kInfinity),
                    "axis: from 0 to inf: expected a number and a larger one");
  CHECK_THROWS_WITH(axis_marks(0, 1, 1), "axis: at most 1 marks: expected 2 or more");
}

TEST_CASE("a mark is written with no more digits than it needs", "[stage_18]") {
  CHECK(mark_text(0.1 + 0.2) == "0.3");
  CHECK(mark_text(-0.0) == "0");
  CHECK(mark_text(1000) == "1000");
}

TEST_CASE("a scale takes its ends to its ends, and the middle to the middle", "[stage_18]") {
  const AxisScale down{0, 2, 300, 100};  // y grows downwards
  CHECK(down(0) == 300);
  CHECK(down(1) == 200);
  CHECK(down(2) == 100);
  CHECK(down(3) == 0);
}

const AxisScale kX{0, 10, 0, 100};
const AxisScale kY{0, 1, 50, 0};

TEST_CASE("a path moves to its first point and draws lines to the others", "[stage_18][18.4]") {
  CHECK(path_of({{0, 0}, {5, 1}, {10, 0.5}}, kX, kY) == "M0.0 50.0L50.0 0.0L100.0 25.0");
  CHECK(path_of({{1, 0.123}}, kX, kY) == "M10.0 43.9");
  CHECK(path_of({}, kX, kY).empty());
}

TEST_CASE("a point that is no number leaves a gap", "[stage_18][18.4]") {
  CHECK(path_of({{0, 0}, {1, 0}, {2, kNaN}, {3, 1}, {4, 1}}, kX, kY) ==
        "M0.0 50.0L10.0 50.0M30.0 0.0L40.0 0.0");
  CHECK(path_of({{0, kInfinity}, {1, 1}, {kNaN, 1}}, kX, kY) == "M10.0 0.0");
  CHECK(path_of({{0, kNaN}, {1, kNaN}}, kX, kY).empty());
}

/// A chart of two series with all that can go wrong in it.
LineChart example() {
  return {.title = "a < b & \"c\"",
          .x_axis = "step",
          .y_axis = "loss",
          .series = {{"here", {{1, 2}, {2, kNaN}, {3, 1}, {4, kInfinity}}, Mark::faint_line},
                     {"<there>", {{1, 1.5}, {4, 1.25}}, Mark::dots}}};
}

TEST_CASE("a chart has its curves, dots, marks and names, and its tags fit",
          "[stage_18][18.3][18.4]") {
  const std::string svg = line_chart(example());
  CHECK(first_stray_tag(svg).empty());
  CHECK(count_of("<circle", svg) == 2);
  CHECK(count_of("class=\"s0 faint\"", svg) == 2);  // the curve and its legend
  CHECK(count_of("class=\"s1\"", svg) == 2);
  CHECK(count_of(">here</text>", svg) == 1);
  CHECK(count_of(">&lt;there&gt;</text>", svg) == 1);
  CHECK(count_of("<title>a &lt; b &amp; &quot;c&quot;</title>", svg) == 1);
  CHECK(count_of(">1.2</text>", svg) == 1);  // of the y axis, from 1 to 2
  CHECK(count_of(">2.5</text>", svg) == 0);  // of the x axis, which counts
  CHECK(count_of("nan", svg) == 0);
  CHECK(count_of("inf", svg) == 0);
}

TEST_CASE("the axes reach what they are told to, and what the points need",
          "[stage_18][18.3][18.4]") {
  LineChart chart = example();
  chart.low = 0;
  chart.high = 10;
  // From 0 at the bottom, 236, to 10 at the top, 48: 2 is a fifth of the way up.
  CHECK(count_of("M44.0 198.4", line_chart(chart)) == 2);  // a mark's line and the first curve
  chart.low = 1.9;
  chart.high = 1.95;
  CHECK(line_chart(chart) == line_chart(example()));
}

TEST_CASE("a chart without points, or with one, has axes all the same", "[stage_18][18.3][18.4]") {
  CHECK(
      first_stray_tag(line_chart({.title = "", .x_axis = "", .y_axis = "", .series = {}})).empty());
  const std::string one = line_chart(
      {.title = "", .x_axis = "epoch", .y_axis = "", .series = {{"one", {{1, 5}}, Mark::dots}}});
  CHECK(count_of("<circle cx=\"44.0\" cy=\"236.0\"", one) == 1);
  CHECK(count_of("nan", one) == 0);
}

}  // namespace
}  // namespace nt
