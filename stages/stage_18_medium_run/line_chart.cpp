#include "line_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "markup.hpp"

namespace nt {
namespace {

constexpr double kWidth = 480, kHeight = 280;
constexpr double kLeft = 44, kRight = 16;  // beside the frame, for the marks of the y axis
constexpr double kTop = 48, kBottom = 44;  // for the legend, for the marks of the x axis

bool finite(const ChartPoint& point) { return std::isfinite(point.x) && std::isfinite(point.y); }

/// From the smallest to the largest of one coordinate of all points, and `low` and `high`; a range
/// of no width is made 1 wide, so that an axis can be drawn.
AxisScale scale_of(const std::vector<ChartSeries>& all, double ChartPoint::*coordinate, double low,
                   double high, double start, double end) {
  if (low == high) {
    low = std::numeric_limits<double>::infinity();
    high = -low;
  }
  for (const ChartSeries& series : all) {
    for (const ChartPoint& point : series.points) {
      if (!finite(point)) continue;
      low = std::min(low, point.*coordinate);
      high = std::max(high, point.*coordinate);
    }
  }
  if (low > high) low = high = 0;  // there is no point
  if (low == high) high = low + 1;
  return {low, high, start, end};
}

std::string y_axis(const AxisScale& y) {
  std::string svg;
  for (const double mark : axis_marks(y.low, y.high)) {
    svg += fmt::format(
        "<path class=\"grid\" d=\"M{:.1f} {:.1f}H{:.1f}\"/>\n"
        "<text class=\"axis\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
        kLeft, y(mark), kWidth - kRight, kLeft - 8, y(mark) + 4, mark_text(mark));
  }
  return svg;
}

std::string x_axis(const AxisScale& x) {
  constexpr double kBase = kHeight - kBottom;
  std::string svg = fmt::format("<path class=\"axis\" d=\"M{:.1f} {:.1f}V{:.1f}H{:.1f}\"/>\n",
                                kLeft, kTop, kBase, kWidth - kRight);
  for (const double mark : axis_marks(x.low, x.high, 8)) {
    if (std::abs(mark - std::round(mark)) > 1e-9) continue;  // half a step is none
    svg += fmt::format(
        "<path class=\"axis\" d=\"M{0:.1f} {1:.1f}v5\"/>\n"
        "<text class=\"axis\" x=\"{0:.1f}\" y=\"{2:.1f}\" text-anchor=\"middle\">{3}</text>\n",
        x(mark), kBase, kBase + 19, mark_text(mark));
  }
  return svg;
}

/// `<g class="s0 faint">`: the series with that number.
std::string group_of(const ChartSeries& series, std::size_t number) {
  return fmt::format("<g class=\"s{}{}\">", number,
                     series.mark == Mark::faint_line ? " faint" : "");
}

std::string series_svg(const ChartSeries& series, std::size_t number, const AxisScale& x,
                       const AxisScale& y) {
  std::string svg = group_of(series, number) + '\n';
  if (series.mark == Mark::dots) {
    for (const ChartPoint& point : series.points) {
      if (!finite(point)) continue;
      svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"/>\n", x(point.x), y(point.y));
    }
  }
  return svg + fmt::format("<path d=\"{}\"/>\n</g>\n", path_of(series.points, x, y));
}

/// The names of the series, right of each other, each behind a piece of its line.
std::string legend(const std::vector<ChartSeries>& all) {
  double left = kLeft;
  std::string svg;
  for (std::size_t number = 0; number < all.size(); ++number) {
    svg += fmt::format(
        "{}<path d=\"M{:.1f} 29h22\"/></g>\n"
        "<text class=\"axis\" x=\"{:.1f}\" y=\"33\">{}</text>\n",
        group_of(all[number], number), left, left + 28, html_text(all[number].name));
    left += 50 + 7 * static_cast<double>(all[number].name.size());  // 7: a letter of 13 pixels
  }
  return svg;
}

}  // namespace

std::string path_of(const std::vector<ChartPoint>& points, const AxisScale& x, const AxisScale& y) {
  // exercise 18.4: M begins a line and L goes on; a point that is not finite ends it
  std::string path;
  bool drawing = false;
  for (const ChartPoint& point : points) {
    if (!finite(point)) {
      drawing = false;
      continue;
    }
    path += fmt::format("{}{:.1f} {:.1f}", drawing ? 'L' : 'M', x(point.x), y(point.y));
    drawing = true;
  }
  return path;
  // end exercise
}

std::string line_chart(const LineChart& chart) {
  const AxisScale x = scale_of(chart.series, &ChartPoint::x, 0, 0, kLeft, kWidth - kRight);
  const AxisScale y =
      scale_of(chart.series, &ChartPoint::y, chart.low, chart.high, kHeight - kBottom, kTop);
  std::string svg = y_axis(y) + x_axis(x);
  for (std::size_t i = 0; i < chart.series.size(); ++i) svg += series_svg(chart.series[i], i, x, y);
  svg += legend(chart.series);
  svg += fmt::format("<text class=\"axis\" x=\"4\" y=\"13\">{}</text>\n", html_text(chart.y_axis));
  svg += fmt::format("<text class=\"axis\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                     (kLeft + kWidth - kRight) / 2, kHeight - 8, html_text(chart.x_axis));
  return svg_picture(kWidth, kHeight, chart.title, svg);
}

}  // namespace nt
