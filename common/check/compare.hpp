#pragma once
// Compares arrays and, where they differ, says so in the words a learner needs: first the likely
// mistake, then the numbers. Tolerances are absolute and hold for every element. NaN is close to
// nothing, not even to itself; an infinity is close to the same infinity alone.

#include <cmath>
#include <limits>
#include <string>

#include "core/array.hpp"

namespace nt {

struct Comparison {
  bool close = false;
  std::string report;  ///< several lines without a final line break; empty when close
};

Comparison compare(const HostArray& actual, const HostArray& expected, float tolerance);

/// The same where `actual` was computed from views. `on_contiguous` is what the same operation gave
/// for contiguous copies of its operands: right there and wrong here convicts the strides.
Comparison compare(const HostArray& actual, const HostArray& expected, float tolerance,
                   const HostArray& on_contiguous);

/// max |actual - expected| over all elements; infinite when shapes differ, NaN when one is NaN.
double largest_difference(const HostArray& actual, const HostArray& expected);

/// |actual - expected|: 0 for equal infinities, infinite when NaN or another infinity is involved.
inline double difference(double actual, double expected) {
  if (actual == expected) return 0;
  const double distance = std::abs(actual - expected);
  return std::isnan(distance) ? std::numeric_limits<double>::infinity() : distance;
}

}  // namespace nt
