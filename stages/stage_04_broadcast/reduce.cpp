#include "reduce.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "views.hpp"
#include "walk.hpp"

namespace nt::naive {
namespace {

/// The shape of x with size 1 along `axes`.
Shape with_ones(const Shape& x, const Axes& axes) {
  std::vector<std::int64_t> sizes = x.sizes();
  for (const int axis : axes) sizes[static_cast<std::size_t>(axis)] = 1;
  return Shape(sizes);
}

/// The shape of x without `axes`.
Shape without(const Shape& x, const Axes& axes) {
  std::vector<std::int64_t> sizes;
  for (int axis = 0; axis < x.rank(); ++axis) {
    if (std::find(axes.begin(), axes.end(), axis) == axes.end()) sizes.push_back(x[axis]);
  }
  return Shape(sizes);
}

/// y <- combine(y, x), from y = start on, for every x that meets y.
template <class Combine>
Storage fold(const Storage& x, const Axes& axes, bool keepdim, float start, Combine combine) {
  // exercise 4.4: expand a result of size 1 along the axes to the shape of x, and walk over both
  const Shape kept = with_ones(x.shape(), axes);
  Storage y(kept, std::vector<float>(static_cast<std::size_t>(kept.count()), start));
  const Index steps = expand(y, x.shape()).strides();
  float* result = y.write();
  walk<2>(x.shape(), {x.strides(), steps},
          [&](const auto& at) { result[at[1]] = combine(result[at[1]], x.data()[at[0]]); });
  return keepdim ? y : reshape(y, without(x.shape(), axes));
  // end exercise
}

/// The larger one, or NaN if either is.
float larger(float a, float b) { return b > a || std::isnan(b) ? b : a; }

}  // namespace

Storage sum(const Storage& x, const Axes& axes, bool keepdim) {
  return fold(x, axes, keepdim, 0, [](float y, float element) { return y + element; });
}

Storage max(const Storage& x, const Axes& axes, bool keepdim) {
  return fold(x, axes, keepdim, -std::numeric_limits<float>::infinity(), larger);
}

Storage argmax(const Storage& x, int axis, bool keepdim) {
  // exercise 4.5: along the axis, at every position of the others, find where the largest is
  const std::int64_t size = x.shape()[axis];
  const std::int64_t step = x.strides()[static_cast<std::size_t>(axis)];
  const Storage firsts = slice(x, axis, 0, 1);
  std::vector<float> positions;
  walk<1>(firsts.shape(), {firsts.strides()}, [&](const auto& at) {
    const float* row = firsts.data() + at[0];
    std::int64_t best = 0;
    for (std::int64_t i = 1; i < size; ++i) {
      const bool better = row[i * step] > row[best * step] || std::isnan(row[i * step]);
      if (better && !std::isnan(row[best * step])) best = i;
    }
    positions.push_back(static_cast<float>(best));
  });
  return {keepdim ? firsts.shape() : without(x.shape(), {axis}), std::move(positions)};
  // end exercise
}

}  // namespace nt::naive
