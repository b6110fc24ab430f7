// Mistakes in what the elements are: not finite, never written, scaled, shifted, not normalized.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "check/explanations.hpp"

namespace nt::explain {
namespace {

/// How `count` elements are found in a shape: along one axis, in all, or along several axes.
std::optional<std::string> where_found(double count, const Shape& shape) {
  Axes single;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (static_cast<double>(shape[axis]) == count) single.push_back(axis);
  }
  if (!single.empty()) return "the length of " + axes_text(single);
  if (static_cast<double>(shape.count()) == count) return "the number of elements";
  const int rank = std::min(shape.rank(), 8);  // a subset of axes for each number below 2^rank
  for (unsigned subset = 1; subset < 1U << static_cast<unsigned>(rank); ++subset) {
    Axes axes;
    double product = 1;
    for (int axis = 0; axis < rank; ++axis) {
      if ((subset >> static_cast<unsigned>(axis) & 1U) == 0) continue;
      axes.push_back(axis);
      product *= static_cast<double>(shape[axis]);
    }
    if (product == count) return "the number of elements along " + axes_text(axes);
  }
  return {};
}

/// "a sum where a mean is meant (6 is the number of elements)", when a shape has `count` of them.
Explanation sum_or_mean(double count, bool shrinks, const Shape& shape) {
  const auto found = where_found(count, shape);
  if (!found) return {};
  return fmt::format("{} ({} is {})",
                     shrinks ? "a mean where a sum is meant" : "a sum where a mean is meant", count,
                     *found);
}

/// The factor that brings `expected` nearest to `actual`, by least squares; 0 when there is none.
double best_factor(const HostArray& actual, const HostArray& expected) {
  double products = 0;
  double squares = 0;
  for (std::size_t i = 0; i < actual.values.size(); ++i) {
    const double a = actual.values[i];
    const double e = expected.values[i];
    if (!std::isfinite(a) || !std::isfinite(e)) continue;
    products += a * e;
    squares += e * e;
  }
  return squares == 0 ? 0 : products / squares;
}

bool is_scaled(const Failure& failure, double factor) {
  std::vector<double> suspected;
  for (const float value : failure.expected.values) suspected.push_back(factor * value);
  return accounts_for(suspected, failure.actual.values, failure.tolerance * std::abs(factor),
                      failure);
}

/// True when at most one element is not zero.
bool lone_number(const HostArray& array) {
  return std::count_if(array.values.begin(), array.values.end(), [](float v) { return v != 0; }) <
         2;
}

/// Whether a factor without a name is worth telling: one element, or equal ones, fit any factor.
bool shows_any_factor(const Failure& failure) {
  return varies(failure.expected, failure.tolerance) && !lone_number(failure.expected);
}

/// The sum along the last axis, for each position along the others.
std::vector<double> row_sums(const HostArray& array) {
  const auto length = static_cast<std::size_t>(array.shape[array.shape.rank() - 1]);
  std::vector<double> sums(array.values.size() / length);
  for (std::size_t i = 0; i < array.values.size(); ++i) sums[i / length] += array.values[i];
  return sums;
}

double distance_from_one(double sum) { return std::abs(sum - 1); }

/// Probabilities along the last axis; zeros and ones alone prove nothing: an identity has them too.
bool is_distribution(const HostArray& array) {
  const auto& values = array.values;
  const auto sums = row_sums(array);
  return std::all_of(values.begin(), values.end(), [](float v) { return v >= 0 && v <= 1; }) &&
         std::any_of(values.begin(), values.end(), [](float v) { return v > 0 && v < 1; }) &&
         std::all_of(sums.begin(), sums.end(),
                     [](double sum) { return distance_from_one(sum) < 1e-4; });
}

}  // namespace

Explanation not_finite(const Failure& failure) {
  if (!failure.same_shape) return {};
  for (std::size_t i = 0; i < failure.actual.values.size(); ++i) {
    const float actual = failure.actual.values[i];
    const float expected = failure.expected.values[i];
    if (std::isfinite(actual) || !std::isfinite(expected)) continue;
    const Index at = unravel(static_cast<std::int64_t>(i), failure.actual.shape);
    return fmt::format(
        "the first {} stands at {}, where {} is expected: look for a division by zero, or an exp, "
        "log or sqrt out of its range",
        std::isnan(actual) ? "NaN" : "infinity", text(at), expected);
  }
  return {};
}

Explanation all_zero(const Failure& failure) {
  if (!failure.same_shape || any_nonzero(failure.actual)) return {};
  return "every element is zero: nothing was written, or nothing arrived";
}

Explanation constant_factor(const Failure& failure) {
  if (!failure.same_shape) return {};
  const double factor = best_factor(failure.actual, failure.expected);
  if (std::abs(factor) < 1e-9) return {};
  const bool shrinks = std::abs(factor) < 1;
  const double whole = std::round(shrinks ? 1 / factor : factor);  // N, for a factor near N or 1/N
  const double exact = shrinks ? 1 / whole : whole;
  const std::string times =
      shrinks ? fmt::format("1/{} of", whole) : fmt::format("{} times", whole);

  if (is_scaled(failure, exact)) {
    if (exact == -1) return "every element has the wrong sign";
    // Zeros fit any factor: a lone number among them is no evidence for one.
    const bool evident = failure.expected.values.size() == 1 || !lone_number(failure.expected);
    const Explanation averaged =
        evident ? sum_or_mean(whole, shrinks, failure.actual.shape) : Explanation{};
    if (exact == 2) {
      return "every element is twice the expected: accumulated two times" +
             (averaged ? ", or " + *averaged : "");
    }
    if (averaged) return fmt::format("every element is {} the expected: {}", times, *averaged);
    if (whole >= 2 && shows_any_factor(failure)) {
      return fmt::format("every element is {} the expected", times);
    }
  }
  if (!shows_any_factor(failure) || !is_scaled(failure, factor)) return {};
  return fmt::format("every element is {:.5g} times the expected", factor);
}

Explanation constant_offset(const Failure& failure) {
  if (!failure.same_shape || !varies(failure.expected, failure.tolerance)) return {};
  double sum = 0;
  double count = 0;
  for (std::size_t i = 0; i < failure.actual.values.size(); ++i) {
    const double offset =
        static_cast<double>(failure.actual.values[i]) - failure.expected.values[i];
    if (!std::isfinite(offset)) continue;
    sum += offset;
    ++count;
  }
  const double offset = sum / count;
  std::vector<double> suspected;
  for (const float value : failure.expected.values) suspected.push_back(value + offset);
  if (!accounts_for(suspected, failure.actual.values, failure.tolerance, failure)) return {};
  return fmt::format("every element is {:.5g} too {}", std::abs(offset),
                     offset > 0 ? "large" : "small");
}

Explanation rows_not_normalized(const Failure& failure) {
  const Shape& shape = failure.actual.shape;
  if (!failure.same_shape || shape.rank() == 0 || !is_distribution(failure.expected)) return {};
  const std::vector<double> sums = row_sums(failure.actual);
  const auto worst = std::max_element(sums.begin(), sums.end(), [](double a, double b) {
    return distance_from_one(a) < distance_from_one(b);
  });
  const auto length = static_cast<double>(shape[shape.rank() - 1]);
  if (distance_from_one(*worst) <= std::max(1e-3, length * failure.tolerance)) return {};
  Index row = unravel((worst - sums.begin()) * shape[shape.rank() - 1], shape);
  row.pop_back();
  return fmt::format("the rows do not sum to 1, as the expected do: {} sums to {:.5g}",
                     row.empty() ? "the only row" : "row " + text(row), *worst);
}

}  // namespace nt::explain
