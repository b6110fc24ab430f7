// Reductions: the reduced axes are moved to the end, so that each result combines one row of a
// matrix, and Eigen reduces the rows.

#include <algorithm>

#include "eigen/eigen_array.hpp"
#include "eigen/eigen_ops.hpp"

namespace nt::eigen {
namespace {

using Rows = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

bool contains(const Axes& axes, int axis) {
  return std::find(axes.begin(), axes.end(), axis) != axes.end();
}

/// The shape that is left of x.
Shape reduced(const Shape& x, const Axes& axes, bool keepdim) {
  std::vector<std::int64_t> sizes;
  for (int axis = 0; axis < x.rank(); ++axis) {
    if (!contains(axes, axis)) sizes.push_back(x[axis]);
    if (contains(axes, axis) && keepdim) sizes.push_back(1);
  }
  return Shape(sizes);
}

/// x with the reduced axes last.
Array reduced_axes_last(const Array& x, const Axes& axes) {
  Axes order;
  for (int axis = 0; axis < x.shape().rank(); ++axis) {
    if (!contains(axes, axis)) order.push_back(axis);
  }
  order.insert(order.end(), axes.begin(), axes.end());
  return std::is_sorted(order.begin(), order.end()) ? x : permute(x, order);
}

/// How many elements each result combines.
std::int64_t row_length(const Shape& x, const Axes& axes) {
  std::int64_t length = 1;
  for (const int axis : axes) length *= x[axis];
  return length;
}

/// result = function(the matrix whose rows are to be combined)
template <class Function>
Array reduce(const Array& x, const Axes& axes, bool keepdim, Function function) {
  const Array sorted = reduced_axes_last(x, axes);
  EigenArray result(reduced(x.shape(), axes, keepdim));
  const Eigen::Map<const Rows> rows(as_eigen(sorted).elements().data(), result.shape().count(),
                                    row_length(x.shape(), axes));
  result.elements() = function(rows);
  return to_array(std::move(result));
}

}  // namespace

Array sum(const Array& x, const Axes& axes, bool keepdim) {
  return reduce(x, axes, keepdim, [](const auto& rows) { return rows.rowwise().sum(); });
}

Array mean(const Array& x, const Axes& axes, bool keepdim) {
  const auto count = static_cast<float>(row_length(x.shape(), axes));
  return reduce(x, axes, keepdim, [&](const auto& rows) { return rows.rowwise().sum() / count; });
}

Array max(const Array& x, const Axes& axes, bool keepdim) {
  return reduce(x, axes, keepdim, [](const auto& rows) {
    Eigen::ArrayXf largest(rows.rows());
    for (Eigen::Index row = 0; row < rows.rows(); ++row) {
      largest[row] = rows.row(row).template maxCoeff<Eigen::PropagateNaN>();
    }
    return largest;
  });
}

Array argmax(const Array& x, int axis, bool keepdim) {
  return reduce(x, {axis}, keepdim, [](const auto& rows) {
    Eigen::ArrayXf positions(rows.rows());
    for (Eigen::Index row = 0; row < rows.rows(); ++row) {
      Eigen::Index column = 0;
      rows.row(row).template maxCoeff<Eigen::PropagateNaN>(&column);
      positions[row] = static_cast<float>(column);
    }
    return positions;
  });
}

}  // namespace nt::eigen
