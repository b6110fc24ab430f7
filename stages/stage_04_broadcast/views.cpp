#include "views.hpp"

namespace nt {
namespace {

/// Elements that lie evenly in memory: `count` of them, `step` apart.
struct Run {
  std::int64_t count;
  std::int64_t step;
};

/// The axes of x, neighbours joined into one run where the outer axis goes on where the inner one
/// ends. Axes of size 1 have no say.
std::vector<Run> even_runs(const Storage& x) {
  std::vector<Run> runs;
  for (int axis = 0; axis < x.shape().rank(); ++axis) {
    const std::int64_t size = x.shape()[axis];
    const std::int64_t step = x.strides()[static_cast<std::size_t>(axis)];
    if (size == 1) continue;
    if (!runs.empty() && runs.back().step == size * step) {
      runs.back() = {runs.back().count * size, step};
    } else {
      runs.push_back({size, step});
    }
  }
  return runs;
}

}  // namespace

Storage expand(const Storage& x, const Shape& shape) {
  // exercise 4.1: aligned at the last axis; stride 0 where x repeats
  const int added = shape.rank() - x.shape().rank();
  Index strides(static_cast<std::size_t>(shape.rank()), 0);
  for (int axis = 0; axis < x.shape().rank(); ++axis) {
    if (x.shape()[axis] == 1) continue;
    strides[static_cast<std::size_t>(axis + added)] = x.strides()[static_cast<std::size_t>(axis)];
  }
  return x.view(shape, strides, x.offset());
  // end exercise
}

Storage permute(const Storage& x, const Axes& order) {
  std::vector<std::int64_t> sizes;
  Index strides;
  for (const int axis : order) {
    sizes.push_back(x.shape()[axis]);
    strides.push_back(x.strides()[static_cast<std::size_t>(axis)]);
  }
  return x.view(Shape(sizes), strides, x.offset());
}

Storage slice(const Storage& x, int axis, std::int64_t start, std::int64_t stop) {
  // exercise 4.2: a smaller size and a larger offset; the strides stay
  std::vector<std::int64_t> sizes = x.shape().sizes();
  sizes[static_cast<std::size_t>(axis)] = stop - start;
  const std::int64_t skipped = start * x.strides()[static_cast<std::size_t>(axis)];
  return x.view(Shape(sizes), x.strides(), x.offset() + skipped);
  // end exercise
}

Storage reshape(const Storage& x, const Shape& shape) {
  const std::optional<Index> strides = strides_for(x, shape);
  return strides ? x.view(shape, *strides, x.offset()) : Storage(shape, x.values());
}

std::optional<Index> strides_for(const Storage& x, const Shape& shape) {
  if (shape.count() == 0) return row_major_strides(shape);
  // exercise 4.3: fill the runs of x with the new axes, both from the last to the first
  std::vector<Run> runs = even_runs(x);
  Index strides(static_cast<std::size_t>(shape.rank()), 0);
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    if (shape[axis] == 1) continue;
    Run& run = runs.back();
    if (run.count % shape[axis] != 0) return std::nullopt;  // the axis would cross two runs
    strides[static_cast<std::size_t>(axis)] = run.step;
    run = {run.count / shape[axis], run.step * shape[axis]};
    if (run.count == 1) runs.pop_back();
  }
  return strides;
  // end exercise
}

}  // namespace nt
