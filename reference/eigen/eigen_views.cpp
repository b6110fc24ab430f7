// The same elements in another arrangement. Every arrangement but pad is one walk through x: along
// each axis of the result, a fixed step from element to element of x (0 where it repeats).

#include "eigen/eigen_array.hpp"
#include "eigen/eigen_ops.hpp"

namespace nt::eigen {
namespace {

/// How far apart neighbours along each axis are in an array of this shape.
Index steps_of(const Shape& shape) {
  Index steps(static_cast<std::size_t>(shape.rank()), 1);
  for (std::size_t axis = steps.size(); axis-- > 1;) {
    steps[axis - 1] = steps[axis] * shape[static_cast<int>(axis)];
  }
  return steps;
}

/// result[i, j, ...] = x's element number start + i steps[0] + j steps[1] + ...
Array gather(const Array& x, const Shape& shape, const Index& steps, std::int64_t start = 0) {
  EigenArray result(shape);
  const float* from = as_eigen(x).elements().data() + start;
  const int last = shape.rank() - 1;
  const std::int64_t row = last < 0 ? 1 : shape[last];
  const std::int64_t step = last < 0 ? 0 : steps.back();
  Index index(static_cast<std::size_t>(shape.rank()), 0);
  for (std::int64_t done = 0; done < shape.count(); done += row) {
    for (std::int64_t i = 0; i < row; ++i) result.elements()[done + i] = from[i * step];
    for (int axis = last - 1; axis >= 0; --axis) {  // on to the next row, carrying as a clock does
      const auto a = static_cast<std::size_t>(axis);
      from += steps[a];
      if (++index[a] < shape[axis]) break;
      from -= index[a] * steps[a];
      index[a] = 0;
    }
  }
  return to_array(std::move(result));
}

}  // namespace

Array reshape(const Array& x, const Shape& shape) {
  EigenArray result(shape);
  result.elements() = as_eigen(x).elements();
  return to_array(std::move(result));
}

Array permute(const Array& x, const Axes& order) {
  const Index from = steps_of(x.shape());
  std::vector<std::int64_t> sizes;
  Index steps;
  for (const int axis : order) {
    sizes.push_back(x.shape()[axis]);
    steps.push_back(from[static_cast<std::size_t>(axis)]);
  }
  return gather(x, Shape(sizes), steps);
}

Array transpose(const Array& x, int axis0, int axis1) {
  Axes order;
  for (int axis = 0; axis < x.shape().rank(); ++axis) order.push_back(axis);
  std::swap(order[static_cast<std::size_t>(axis0)], order[static_cast<std::size_t>(axis1)]);
  return permute(x, order);
}

Array slice(const Array& x, int axis, std::int64_t start, std::int64_t stop) {
  const Index steps = steps_of(x.shape());
  std::vector<std::int64_t> sizes = x.shape().sizes();
  sizes[static_cast<std::size_t>(axis)] = stop - start;
  return gather(x, Shape(sizes), steps, start * steps[static_cast<std::size_t>(axis)]);
}

Array expand(const Array& x, const Shape& shape) {
  const Index from = steps_of(x.shape());
  const int added = shape.rank() - x.shape().rank();
  Index steps(static_cast<std::size_t>(shape.rank()), 0);
  for (int axis = 0; axis < x.shape().rank(); ++axis) {
    if (x.shape()[axis] == 1) continue;
    steps[static_cast<std::size_t>(axis + added)] = from[static_cast<std::size_t>(axis)];
  }
  return gather(x, shape, steps);
}

Array pad(const Array& x, int axis, std::int64_t before, std::int64_t after) {
  std::vector<std::int64_t> sizes = x.shape().sizes();
  sizes[static_cast<std::size_t>(axis)] += before + after;
  EigenArray result{Shape(sizes)};
  result.elements().setZero();
  const std::int64_t inner = steps_of(x.shape())[static_cast<std::size_t>(axis)];
  const std::int64_t block = inner * x.shape()[axis];  // what lies together along the axis
  const std::int64_t wide_block = inner * result.shape()[axis];
  if (block == 0) return to_array(std::move(result));
  for (std::int64_t i = 0; i < x.shape().count() / block; ++i) {
    result.elements().segment(i * wide_block + before * inner, block) =
        as_eigen(x).elements().segment(i * block, block);
  }
  return to_array(std::move(result));
}

}  // namespace nt::eigen
