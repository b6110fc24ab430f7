#include "check/compare.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "check/diagnosis.hpp"

namespace nt {
namespace {

/// The value to print: NaN without its sign, which says nothing and differs between machines.
float plain(float value) { return std::isnan(value) ? std::abs(value) : value; }

/// What one pass over all elements of two arrays of the same shape finds.
struct Tally {
  std::int64_t off = 0;            ///< how many elements are beyond the tolerance
  std::int64_t worst = 0;          ///< the element with the largest difference
  double absolute = 0;             ///< that difference
  std::optional<double> relative;  ///< the largest by |expected|, among expected other than 0
};

Tally tally(const HostArray& actual, const HostArray& expected, float tolerance) {
  Tally result;
  for (std::size_t i = 0; i < actual.values.size(); ++i) {
    const double distance = difference(actual.values[i], expected.values[i]);
    const double size = std::abs(static_cast<double>(expected.values[i]));
    const double relative = std::isinf(distance) ? distance : distance / size;
    if (distance > tolerance) ++result.off;
    if (distance > result.absolute) {
      result.absolute = distance;
      result.worst = static_cast<std::int64_t>(i);
    }
    if (size != 0) result.relative = std::max(result.relative.value_or(0), relative);
  }
  return result;
}

/// Half-open: the indices [begin, end) along one axis.
struct Range {
  std::int64_t begin;
  std::int64_t end;
};

/// Where to look: each leading axis at the worst element alone, the last two at most one step away
/// from it.
std::vector<Range> window_around(const Index& worst, const Shape& shape) {
  std::vector<Range> window;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    const std::int64_t at = worst[static_cast<std::size_t>(axis)];
    const int reach = axis >= shape.rank() - 2 ? 1 : 0;
    window.push_back(
        {std::max(at - reach, std::int64_t{0}), std::min(at + reach + 1, shape[axis])});
  }
  return window;
}

/// The window as a reader of Python writes it: `[0, 1:3, 2:5]`.
std::string slices_text(const std::vector<Range>& window) {
  std::vector<std::string> slices;
  for (std::size_t axis = 0; axis < window.size(); ++axis) {
    const auto [begin, end] = window[axis];
    slices.push_back(axis + 2 < window.size() ? fmt::format("{}", begin)
                                              : fmt::format("{}:{}", begin, end));
  }
  return fmt::format("[{}]", fmt::join(slices, ", "));
}

/// The elements inside the window, a line for each row, in columns of equal width.
std::vector<std::string> rows(const HostArray& array, const std::vector<Range>& window) {
  const Range columns = window.back();
  const bool flat = window.size() == 1;
  const Range lines = flat ? Range{0, 1} : window[window.size() - 2];
  Index index;
  for (const Range& range : window) index.push_back(range.begin);
  std::vector<std::vector<std::string>> cells;
  std::size_t width = 0;
  for (std::int64_t line = lines.begin; line < lines.end; ++line) {
    cells.emplace_back();
    if (!flat) index[index.size() - 2] = line;
    for (std::int64_t column = columns.begin; column < columns.end; ++column) {
      index.back() = column;
      cells.back().push_back(fmt::format("{:.6g}", plain(array[index])));
      width = std::max(width, cells.back().back().size());
    }
  }
  std::vector<std::string> result;
  for (const auto& line : cells) {
    std::string row;
    for (const std::string& cell : line) row += fmt::format("  {:>{}}", cell, width);
    result.push_back(row);
  }
  return result;
}

/// Where two arrays of the same shape differ, and by how much.
std::string numbers(const HostArray& actual, const HostArray& expected, float tolerance,
                    const Tally& found) {
  const Index worst = unravel(found.worst, actual.shape);
  std::string report = fmt::format(
      "worst at {}: actual {}, expected {}\n"
      "largest error: absolute {:.4g}, relative {}\n"
      "off by more than {}: {} of {} elements",
      text(worst), plain(actual[worst]), plain(expected[worst]), found.absolute,
      found.relative ? fmt::format("{:.4g}", *found.relative) : "none", tolerance, found.off,
      actual.shape.count());
  if (actual.shape.rank() == 0) return report;

  const std::vector<Range> window = window_around(worst, actual.shape);
  const std::vector<std::string> left = rows(actual, window);
  const std::vector<std::string> right = rows(expected, window);
  report += fmt::format("\nwindow {}, actual | expected:", slices_text(window));
  for (std::size_t i = 0; i < left.size(); ++i) {
    report += fmt::format("\n{}  |{}", left[i], right[i]);
  }
  return report;
}

/// A holder that promises more or fewer elements than it gives cannot be compared any further.
std::optional<std::string> broken_promise(std::string_view which, const HostArray& array) {
  const auto count = static_cast<std::int64_t>(array.values.size());
  if (count == array.shape.count()) return std::nullopt;
  return fmt::format("{} has the shape {}, which is {} elements, but holds {}", which,
                     array.shape.text(), array.shape.count(), count);
}

/// The comparison whose report opens with what `explain` makes of a difference.
template <class Explain>
Comparison compare_and(const HostArray& actual, const HostArray& expected, float tolerance,
                       Explain explain) {
  if (const auto broken = broken_promise("actual", actual)) return {false, *broken};
  if (const auto broken = broken_promise("expected", expected)) return {false, *broken};

  std::string details;
  if (actual.shape == expected.shape) {
    const Tally found = tally(actual, expected, tolerance);
    if (found.off == 0) return {true, ""};
    details = fmt::format("shapes: both {}\n{}", actual.shape.text(),
                          numbers(actual, expected, tolerance, found));
  } else {
    details = fmt::format("shapes differ: actual {}, expected {}", actual.shape.text(),
                          expected.shape.text());
  }
  const std::optional<std::string> mistake = explain();
  return {false, mistake ? fmt::format("likely mistake: {}\n{}", *mistake, details) : details};
}

}  // namespace

Comparison compare(const HostArray& actual, const HostArray& expected, float tolerance) {
  return compare_and(actual, expected, tolerance,
                     [&] { return diagnose(actual, expected, tolerance); });
}

Comparison compare(const HostArray& actual, const HostArray& expected, float tolerance,
                   const HostArray& on_contiguous) {
  return compare_and(actual, expected, tolerance, [&]() -> std::optional<std::string> {
    if (!compare(on_contiguous, expected, tolerance).close) {
      return diagnose(actual, expected, tolerance);
    }
    return "right only where strides are contiguous: the same operation is right on contiguous "
           "copies of its operands, so it ignores a view's strides or offset";
  });
}

double largest_difference(const HostArray& actual, const HostArray& expected) {
  if (actual.shape != expected.shape) return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (std::size_t i = 0; i < actual.values.size(); ++i) {
    const double difference =
        std::abs(static_cast<double>(actual.values[i]) - static_cast<double>(expected.values[i]));
    if (std::isnan(difference)) return difference;
    largest = std::max(largest, difference);
  }
  return largest;
}

}  // namespace nt
