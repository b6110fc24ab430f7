// Mistakes in where the elements stand: swapped axes, strides passed over, sums not taken.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "check/explanations.hpp"

namespace nt::explain {
namespace {

/// All permutations of five axes are 120, each a walk through the array; six would be 720.
constexpr int kMostAxesToPermute = 5;

Axes all_axes(const Shape& shape) {
  Axes axes(static_cast<std::size_t>(shape.rank()));
  std::iota(axes.begin(), axes.end(), 0);
  return axes;
}

Shape permuted(const Shape& shape, const Axes& order) {
  std::vector<std::int64_t> sizes;
  for (const int axis : order) sizes.push_back(shape[axis]);
  return Shape(sizes);
}

/// The elements row by row after the axes are put into `order`.
std::vector<double> in_axis_order(const HostArray& array, const Axes& order) {
  const Shape shape = permuted(array.shape, order);
  std::vector<double> values;
  Index source(order.size());
  for (std::int64_t flat = 0; flat < shape.count(); ++flat) {
    const Index index = unravel(flat, shape);
    for (std::size_t k = 0; k < order.size(); ++k) {
      source[static_cast<std::size_t>(order[k])] = index[k];
    }
    values.push_back(array[source]);
  }
  return values;
}

/// The axes of `wide` to sum over for it to become `narrow`, which broadcasts to it; else nothing.
Axes broadcast_axes(const Shape& wide, const Shape& narrow) {
  const int extra = wide.rank() - narrow.rank();
  Axes axes;
  for (int axis = 0; axis < wide.rank(); ++axis) {
    const std::int64_t size = axis < extra ? 1 : narrow[axis - extra];
    if (axis < extra || (size == 1 && wide[axis] != 1)) {
      axes.push_back(axis);
    } else if (wide[axis] != size) {
      return {};
    }
  }
  return axes;
}

/// The sums of `wide` over `axes`, row by row.
std::vector<double> sums_over(const HostArray& wide, const Axes& axes) {
  std::vector<std::int64_t> kept = wide.shape.sizes();
  for (const int axis : axes) kept[static_cast<std::size_t>(axis)] = 1;
  const Shape narrow(kept);
  std::vector<double> sums(static_cast<std::size_t>(narrow.count()));
  for (std::size_t i = 0; i < wide.values.size(); ++i) {
    Index index = unravel(static_cast<std::int64_t>(i), wide.shape);
    for (const int axis : axes) index[static_cast<std::size_t>(axis)] = 0;
    sums[static_cast<std::size_t>(ravel(index, narrow))] += wide.values[i];
  }
  return sums;
}

}  // namespace

Explanation transposed(const Failure& failure) {
  Axes order = all_axes(failure.expected.shape);
  if (order.size() < 2 || !varies(failure.expected, failure.tolerance)) return {};
  std::swap(order.end()[-1], order.end()[-2]);
  if (failure.actual.shape != permuted(failure.expected.shape, order)) return {};
  const std::vector<double> suspected = in_axis_order(failure.expected, order);
  if (!accounts_for(suspected, failure.actual.values, failure.tolerance, failure)) return {};
  return "this is the transpose of the expected: the last two axes are swapped";
}

Explanation wrong_shape(const Failure& failure) {
  if (failure.same_shape || !any_nonzero(failure.expected)) return {};
  if (failure.actual.shape.count() != failure.expected.shape.count()) return {};
  const std::vector<double> suspected(failure.expected.values.begin(),
                                      failure.expected.values.end());
  if (!accounts_for(suspected, failure.actual.values, failure.tolerance, failure)) return {};
  return "the values are right, row by row: only the shape is wrong";
}

Explanation memory_order(const Failure& failure) {
  if (!failure.same_shape || failure.expected.shape.rank() > kMostAxesToPermute) return {};
  Axes order = all_axes(failure.expected.shape);
  while (std::next_permutation(order.begin(), order.end())) {
    const std::vector<double> suspected = in_axis_order(failure.expected, order);
    if (!accounts_for(suspected, failure.actual.values, failure.tolerance, failure)) continue;
    return fmt::format(
        "right only where strides are contiguous: the buffer was read in memory order (these are "
        "the expected elements, row by row, with the axes in the order {})",
        fmt::join(order, ", "));
  }
  return {};
}

Explanation missing_sum(const Failure& failure) {
  const Shape& wide = failure.actual.shape;
  const Shape& narrow = failure.expected.shape;
  if (wide.rank() < narrow.rank() || !any_nonzero(failure.expected)) return {};
  const Axes axes = broadcast_axes(wide, narrow);
  if (axes.empty()) return {};
  const std::vector<double> suspected = sums_over(failure.actual, axes);
  if (!accounts_for(suspected, failure.expected.values, failure.tolerance, failure)) return {};
  return fmt::format(
      "the sum over {} is missing: the operand was broadcast along it, so its "
      "gradient is summed back",
      axes_text(axes));
}

}  // namespace nt::explain
