#include <algorithm>

#include "axis_runs.hpp"
#include "fast_ops.hpp"
#include "shape_rules.hpp"

namespace nt::fast {
namespace {

/// Whether a kernel can go along the last axis: from number to number, or staying on one.
bool is_even(const std::vector<AxisRun<2>>& axes, std::size_t n) {
  return axes.empty() || axes.back().strides[n] == 0 || axes.back().strides[n] == 1;
}

}  // namespace

FastArray unary(Kernels::Unary f, const FastArray& x) {
  const FastArray rows = contiguous(x);
  FastArray y(x.shape());
  const float* const from = rows.data();
  float* const to = y.fill();
  parallel(x.shape().count(), kElements,
           [=](std::int64_t begin, std::int64_t end) { f(end - begin, from + begin, to + begin); });
  return y;
}

FastArray binary(Kernels::Binary f, const FastArray& a, const FastArray& b) {
  const Shape shape = shape_rule::broadcast_shapes("broadcast", a.shape(), b.shape(), "");
  const FastArray left = expand(a, shape);
  const FastArray right = expand(b, shape);
  const std::vector<AxisRun<2>> axes = joined_axes<2>(shape, {left.strides(), right.strides()});
  if (!is_even(axes, 0)) return binary(f, copied(left), right);
  if (!is_even(axes, 1)) return binary(f, left, copied(right));
  FastArray c(shape);
  float* const to = c.fill();
  over_rows<2>(shape, {left.strides(), right.strides()}, [&](const Row<2>& row) {
    f(row.count, {left.data() + row.at[0], row.steps[0] == 0},
      {right.data() + row.at[1], row.steps[1] == 0}, to + row.place);
  });
  return c;
}

FastArray pad(const FastArray& x, int axis, std::int64_t before, std::int64_t after) {
  std::vector<std::int64_t> sizes = x.shape().sizes();
  sizes[static_cast<std::size_t>(axis)] += before + after;
  return FastArray::with_pieces(Shape(sizes), axis, {{before, x}});
}

}  // namespace nt::fast
