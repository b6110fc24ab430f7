#pragma once
// How kernels go over arrays with strides: neighbouring axes that lie evenly in memory are joined
// into one, for all arrays at once, so that what is left as the last axis is as long as it can be.
// Most often that is everything, or one row.

#include <array>
#include <vector>

#include "core/shape.hpp"
#include "parallel.hpp"

namespace nt::fast {

/// An axis, or several joined: `size` elements, each array's strides[n] apart.
template <std::size_t N>
struct AxisRun {
  std::int64_t size;
  std::array<std::int64_t, N> strides;
};

/// The axes of a shape as N arrays walk it, joined where all of them can be. Axes of size 1 have no
/// say.
template <std::size_t N>
std::vector<AxisRun<N>> joined_axes(const Shape& shape, const std::array<Index, N>& strides) {
  std::vector<AxisRun<N>> runs;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    AxisRun<N> run{shape[axis], {}};
    bool joins = !runs.empty();
    for (std::size_t n = 0; n < N; ++n) {
      run.strides[n] = strides[n][static_cast<std::size_t>(axis)];
      joins = joins && runs.back().strides[n] == run.size * run.strides[n];
    }
    if (run.size == 1) continue;
    if (joins) {
      run.size *= runs.back().size;
      runs.back() = run;
    } else {
      runs.push_back(run);
    }
  }
  return runs;
}

/// One row of a shape: `count` elements, the first one number `place` of the shape, and for each
/// array how far from its first element it lies and how far apart the elements are.
template <std::size_t N>
struct Row {
  std::int64_t place;
  std::int64_t count;
  std::array<std::int64_t, N> at;
  std::array<std::int64_t, N> steps;
};

/// Elements that a thread is given at least: some 10 microseconds of work.
inline constexpr std::int64_t kElements = 16384;

/// visit(row) for every row of the shape, several at once, where the axes are joined as far as N
/// arrays with such strides allow. A single long row comes in parts.
template <std::size_t N, class Visit>
void over_rows(const Shape& shape, const std::array<Index, N>& strides, const Visit& visit) {
  if (shape.count() == 0) return;
  std::vector<AxisRun<N>> axes = joined_axes<N>(shape, strides);
  if (axes.empty()) axes.push_back({1, {}});
  const AxisRun<N> last = axes.back();
  axes.pop_back();
  if (axes.empty()) {
    parallel(last.size, kElements, [&](std::int64_t begin, std::int64_t end) {
      Row<N> row{begin, end - begin, {}, last.strides};
      for (std::size_t n = 0; n < N; ++n) row.at[n] = begin * last.strides[n];
      visit(row);
    });
    return;
  }
  const std::int64_t rows = shape.count() / last.size;
  parallel(rows, kElements / last.size + 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      Row<N> row{r * last.size, last.size, {}, last.strides};
      std::int64_t rest = r;
      for (std::size_t axis = axes.size(); axis-- > 0; rest /= axes[axis].size) {
        const std::int64_t i = rest % axes[axis].size;
        for (std::size_t n = 0; n < N; ++n) row.at[n] += i * axes[axis].strides[n];
      }
      visit(row);
    }
  });
}

}  // namespace nt::fast
