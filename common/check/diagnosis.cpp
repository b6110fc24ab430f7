#include "check/diagnosis.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "check/compare.hpp"
#include "check/explanations.hpp"

namespace nt {
namespace explain {
namespace {

/// The narrow explanations stand before those that a coincidence satisfies more easily.
constexpr Explanation (*kExplanations[])(const Failure&) = {
    not_finite,  all_zero,        transposed,      wrong_shape,         memory_order,
    missing_sum, constant_factor, constant_offset, rows_not_normalized,
};

double largest_difference(const HostArray& actual, const HostArray& expected) {
  double largest = 0;
  for (std::size_t i = 0; i < actual.values.size(); ++i) {
    largest = std::max(largest, difference(actual.values[i], expected.values[i]));
  }
  return largest;
}

}  // namespace

bool accounts_for(const std::vector<double>& suspected, const std::vector<float>& found,
                  double slack, const Failure& failure) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double rounding = 1e-6 * std::abs(suspected[i]);
    const double unexplained = difference(found[i], suspected[i]);
    if (std::isinf(unexplained)) return false;
    if (unexplained > slack + rounding || unexplained > failure.gap / 10) return false;
  }
  return true;
}

bool any_nonzero(const HostArray& array) {
  return std::any_of(array.values.begin(), array.values.end(), [](float v) { return v != 0; });
}

bool varies(const HostArray& array, double tolerance) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const float value : array.values) {
    if (!std::isfinite(value)) continue;
    low = std::min<double>(low, value);
    high = std::max<double>(high, value);
  }
  return high - low > 10 * tolerance;
}

std::string axes_text(const Axes& axes) {
  if (axes.size() == 1) return fmt::format("axis {}", axes[0]);
  return fmt::format("axes {} and {}", fmt::join(axes.begin(), axes.end() - 1, ", "), axes.back());
}

}  // namespace explain

std::optional<std::string> diagnose(const HostArray& actual, const HostArray& expected,
                                    float tolerance) {
  const bool same_shape = actual.shape == expected.shape;
  const double gap = same_shape ? explain::largest_difference(actual, expected)
                                : std::numeric_limits<double>::infinity();
  if (gap <= tolerance) return {};
  const explain::Failure failure{actual, expected, tolerance, same_shape, gap};
  for (const auto explanation : explain::kExplanations) {
    if (auto sentence = explanation(failure)) return sentence;
  }
  return {};
}

}  // namespace nt
