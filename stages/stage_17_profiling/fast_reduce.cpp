#include <algorithm>

#include "axis_runs.hpp"
#include "fast_ops.hpp"
#include "parallel.hpp"

namespace nt::fast {
namespace {

/// Columns that one thread is given at least.
constexpr std::int64_t kColumns = 64;

/// y[c] = sum over r of x[r, c].   x: (R, C) -> y: (C)
void sum_columns(std::int64_t R, std::int64_t C, const float* x, float* y) {
  if (R <= kRowsOfASum) {
    const std::int64_t grain = std::max(kColumns, kElements / (R + 1) / kColumns * kColumns);
    parallel(C, grain, [=](std::int64_t begin, std::int64_t end) {
      kernels().column_sums(R, end - begin, x + begin, C, y + begin);
    });
    return;
  }
  const std::int64_t parts = (R + kRowsOfASum - 1) / kRowsOfASum;
  FastArray sums(Shape{parts, C});
  float* const to = sums.fill();
  parallel(parts, kElements / (kRowsOfASum * C) + 1, [=](std::int64_t part, std::int64_t end) {
    for (; part < end; ++part) {
      const std::int64_t first = part * kRowsOfASum;
      kernels().column_sums(std::min(kRowsOfASum, R - first), C, x + first * C, C, to + part * C);
    }
  });
  sum_columns(parts, C, sums.data(), y);
}

/// The sum over the middle axis.   x: (outer, R, C), without gaps -> (outer, C)
FastArray sum_middle(const FastArray& x, std::int64_t outer, std::int64_t R, std::int64_t C) {
  FastArray y(Shape{outer, C});
  const float* const from = x.data();
  float* const to = y.fill();
  if (C == 1) {
    parallel(outer, kElements / (R + 1) + 1, [=](std::int64_t begin, std::int64_t end) {
      kernels().row_sums(end - begin, R, from + begin * R, to + begin);
    });
  } else if (outer == 1) {
    sum_columns(R, C, from, to);
  } else {
    parallel(outer, kElements / (R * C + 1) + 1, [=](std::int64_t i, std::int64_t end) {
      for (; i < end; ++i) kernels().column_sums(R, C, from + i * R * C, C, to + i * C);
    });
  }
  return y;
}

std::int64_t product_of(const Shape& shape, int begin, int end) {
  std::int64_t product = 1;
  for (int axis = begin; axis < end; ++axis) product *= shape[axis];
  return product;
}

}  // namespace

FastArray sum(const FastArray& x, const Axes& axes, bool keepdim) {
  std::vector<bool> summed(static_cast<std::size_t>(x.shape().rank()), false);
  for (const int axis : axes) summed[static_cast<std::size_t>(axis)] = true;
  FastArray y = contiguous(x);
  std::vector<std::int64_t> sizes = x.shape().sizes();
  // Neighbours that are summed are one axis; from the last to the first, each is summed in turn.
  for (int end = x.shape().rank(); end > 0; --end) {
    if (!summed[static_cast<std::size_t>(end - 1)]) continue;
    int begin = end;
    while (begin > 0 && summed[static_cast<std::size_t>(begin - 1)]) --begin;
    const Shape shape(sizes);
    y = sum_middle(y, product_of(shape, 0, begin), product_of(shape, begin, end),
                   product_of(shape, end, shape.rank()));
    for (int axis = begin; axis < end; ++axis) sizes[static_cast<std::size_t>(axis)] = 1;
    end = begin + 1;
  }
  if (!keepdim) {
    std::size_t kept = 0;
    for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
      if (!summed[axis]) sizes[kept++] = sizes[axis];
    }
    sizes.resize(kept);
  }
  return reshape(y, Shape(sizes));
}

}  // namespace nt::fast
