#pragma once
// Curves over two axes, as an SVG element that stands inside an HTML page. It has no colours of its
// own: lines and texts have classes, and the page's style says what they look like by day and by
// night (html_page).

#include <string>
#include <vector>

#include "axis.hpp"

namespace nt {

struct ChartPoint {
  double x;
  double y;
};

/// What a series looks like.
enum class Mark { faint_line, line, dots };

struct ChartSeries {
  std::string name;  ///< in the legend
  std::vector<ChartPoint> points;
  Mark mark = Mark::line;
};

struct LineChart {
  std::string title;   ///< read aloud in place of the picture
  std::string x_axis;  ///< below the axis, which counts and so has whole marks: "step"
  std::string y_axis;  ///< above the axis: "loss"
  double low = 0;      ///< the y axis reaches from low to high, or as far as the points need;
  double high = 0;     ///< where both are equal, no farther than those
  std::vector<ChartSeries> series;
};

/// The `d` of an SVG path through the points, with one decimal: `M40.0 10.0L50.5 12.0`. A point
/// that is not finite leaves a gap: the next one begins a new line. No points, no text.
std::string path_of(const std::vector<ChartPoint>& points, const AxisScale& x, const AxisScale& y);

/// The chart as an <svg> element, 480 x 280, that takes the width there is. The classes are
/// `s0`, `s1`, ... for the series, `axis` and `grid`. Points that are not finite are left out.
std::string line_chart(const LineChart& chart);

}  // namespace nt
