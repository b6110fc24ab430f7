#pragma once
// The axis of a chart: where a number stands on paper, and at which numbers it has marks.

#include <string>
#include <vector>

namespace nt {

/// The straight line that takes `low` to the place `start` and `high` to `end`. In SVG y grows
/// downwards: there `start` is the larger one.
struct AxisScale {
  double low;
  double high;
  double start;
  double end;

  /// start + (value - low) / (high - low) (end - start)
  double operator()(double value) const;
};

/// Round numbers from `low` to `high` for the marks of an axis: all multiples of the smallest step
/// of 1, 2 or 5 times a power of ten that gives at most `most` of them. From 0 to 2.5, at most 6:
/// 0, 0.5, 1, 1.5, 2, 2.5. Throws Error
///   `axis: from 3 to 1: expected a number and a larger one`, also where one is not finite
///   `axis: at most 1 marks: expected 2 or more`
std::vector<double> axis_marks(double low, double high, int most = 6);

/// A mark as it is written: six digits at most, and no more than it needs.
std::string mark_text(double mark);

}  // namespace nt
