#include "fast_array.hpp"

#include <algorithm>
#include <cassert>

#include "axis_runs.hpp"
#include "parallel.hpp"

namespace nt::fast {
namespace {

Index row_major(const Shape& shape) {
  Index strides(static_cast<std::size_t>(shape.rank()), 1);
  for (int axis = shape.rank() - 1; axis > 0; --axis) {
    const auto i = static_cast<std::size_t>(axis);
    strides[i - 1] = strides[i] * shape[axis];
  }
  return strides;
}

/// The strides with which the same buffer gives the elements of x row by row in a `shape` of as
/// many; none where no strides can say it. Stage 4 explains how.
Index strides_for(const FastArray& x, const Shape& shape) {
  std::vector<AxisRun<1>> runs = joined_axes<1>(x.shape(), {x.strides()});
  Index strides(static_cast<std::size_t>(shape.rank()), 0);
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    if (shape[axis] == 1) continue;
    AxisRun<1>& run = runs.back();
    if (run.size % shape[axis] != 0) return {};
    strides[static_cast<std::size_t>(axis)] = run.strides[0];
    run = {run.size / shape[axis], {run.strides[0] * shape[axis]}};
    if (run.size == 1) runs.pop_back();
  }
  return strides;
}

}  // namespace

FastArray::FastArray(Shape shape)
    : buffer_(take_buffer(shape.count())), shape_(std::move(shape)), strides_(row_major(shape_)) {}

FastArray::FastArray(std::shared_ptr<float[]> buffer, Shape shape, Index strides,
                     std::int64_t offset)
    : buffer_(std::move(buffer)),
      shape_(std::move(shape)),
      strides_(std::move(strides)),
      offset_(offset) {
  assert(std::ssize(strides_) == shape_.rank());
}

/// What a handle without numbers of its own has instead.
struct FastArray::Pieces {
  int axis;
  std::vector<Piece> all;  // in the order of their places
  std::optional<FastArray> dense = {};
};

FastArray FastArray::with_pieces(const Shape& shape, int axis, std::vector<Piece> pieces) {
  FastArray x({}, shape, row_major(shape), 0);
  std::sort(pieces.begin(), pieces.end(),
            [](const Piece& a, const Piece& b) { return a.start < b.start; });
  x.pieces_ = std::make_shared<Pieces>(Pieces{axis, std::move(pieces)});
  return x;
}

std::optional<FastArray> FastArray::joined(const FastArray& other) const {
  if (!pieces_ || !other.pieces_ || pieces_->axis != other.pieces_->axis) return std::nullopt;
  if (shape_ != other.shape_) return std::nullopt;
  const int axis = pieces_->axis;
  std::vector<Piece> all = pieces_->all;
  all.insert(all.end(), other.pieces_->all.begin(), other.pieces_->all.end());
  FastArray sum = with_pieces(shape_, axis, std::move(all));
  std::int64_t end = 0;
  for (const auto& [start, x] : sum.pieces_->all) {
    if (start < end) return std::nullopt;
    end = start + x.shape()[axis];
  }
  return sum;
}

const FastArray& FastArray::dense() const {
  if (!pieces_) return *this;
  if (!pieces_->dense) pieces_->dense = written(shape_, *pieces_);
  return *pieces_->dense;
}

/// Whether this piece lies in memory where `before` ends along the axis: then both are one view.
bool FastArray::continues(const FastArray& before, int axis) const {
  return buffer_ == before.buffer_ && strides_ == before.strides_ &&
         offset_ == before.offset_ + before.shape_[axis] * before.stride(axis);
}

/// The pieces as one view, where they fill the shape and lie in memory one behind the other.
std::optional<FastArray> FastArray::as_one_view(const Shape& shape, const Pieces& pieces) {
  std::int64_t end = 0;
  const FastArray* before = nullptr;
  for (const auto& [start, x] : pieces.all) {
    if (start != end || (before && !x.continues(*before, pieces.axis))) return std::nullopt;
    end = start + x.shape()[pieces.axis];
    before = &x;
  }
  if (end != shape[pieces.axis]) return std::nullopt;
  const FastArray& first = pieces.all.front().x;
  return first.view(shape, first.strides());
}

FastArray FastArray::written(const Shape& shape, const Pieces& pieces) {
  if (auto view = as_one_view(shape, pieces)) return *std::move(view);
  FastArray y(shape);
  float* const to = y.fill();
  const auto clear = [&](std::int64_t start, std::int64_t stop) {
    const FastArray place = slice(y, pieces.axis, start, stop);
    over_rows<1>(place.shape(), {place.strides()}, [&](const Row<1>& row) {
      float* const at = to + place.offset_ + row.at[0];
      for (std::int64_t i = 0; i < row.count; ++i) at[i * row.steps[0]] = 0;
    });
  };
  const auto copy = [&](const FastArray& x, std::int64_t start, std::int64_t stop) {
    const FastArray place = slice(y, pieces.axis, start, stop);
    over_rows<2>(x.shape(), {x.strides(), place.strides()}, [&](const Row<2>& row) {
      const float* const from = x.data() + row.at[0];
      float* const at = to + place.offset_ + row.at[1];
      for (std::int64_t i = 0; i < row.count; ++i) at[i * row.steps[1]] = from[i * row.steps[0]];
    });
  };
  std::int64_t end = 0;
  for (const auto& [start, x] : pieces.all) {
    clear(end, start);
    end = start + x.shape()[pieces.axis];
    copy(x, start, end);
  }
  clear(end, shape[pieces.axis]);
  return y;
}

std::vector<float> FastArray::values() const {
  const FastArray rows = contiguous(dense());
  return {rows.data(), rows.data() + shape_.count()};
}

bool FastArray::is_contiguous() const {
  if (shape_.count() == 0) return true;
  const std::vector<AxisRun<1>> runs = joined_axes<1>(shape_, {strides_});
  return runs.empty() || (runs.size() == 1 && runs[0].strides[0] == 1);
}

FastArray FastArray::view(Shape shape, Index strides, std::int64_t offset) const {
  return {buffer_, std::move(shape), std::move(strides), offset_ + offset};
}

FastArray contiguous(const FastArray& x) { return x.is_contiguous() ? x : copied(x); }

FastArray copied(const FastArray& x) {
  FastArray y(x.shape());
  float* const to = y.fill();
  const float* const from = x.data();
  over_rows<1>(x.shape(), {x.strides()}, [=](const Row<1>& row) {
    const float* const first = from + row.at[0];
    if (row.steps[0] == 1) {
      std::copy(first, first + row.count, to + row.place);
    } else {
      for (std::int64_t i = 0; i < row.count; ++i) to[row.place + i] = first[i * row.steps[0]];
    }
  });
  return y;
}

FastArray permute(const FastArray& x, const Axes& order) {
  std::vector<std::int64_t> sizes;
  Index strides;
  for (const int axis : order) {
    sizes.push_back(x.shape()[axis]);
    strides.push_back(x.stride(axis));
  }
  return x.view(Shape(sizes), strides);
}

FastArray transpose(const FastArray& x, int axis0, int axis1) {
  Axes order;
  for (int axis = 0; axis < x.shape().rank(); ++axis) order.push_back(axis);
  std::swap(order[static_cast<std::size_t>(axis0)], order[static_cast<std::size_t>(axis1)]);
  return permute(x, order);
}

FastArray slice(const FastArray& x, int axis, std::int64_t start, std::int64_t stop) {
  std::vector<std::int64_t> sizes = x.shape().sizes();
  sizes[static_cast<std::size_t>(axis)] = stop - start;
  return x.view(Shape(sizes), x.strides(), start * x.stride(axis));
}

FastArray expand(const FastArray& x, const Shape& shape) {
  const int added = shape.rank() - x.shape().rank();
  Index strides(static_cast<std::size_t>(shape.rank()), 0);
  for (int axis = 0; axis < x.shape().rank(); ++axis) {
    if (x.shape()[axis] != 1) strides[static_cast<std::size_t>(axis + added)] = x.stride(axis);
  }
  return x.view(shape, strides);
}

FastArray reshape(const FastArray& x, const Shape& shape) {
  if (x.is_contiguous()) return x.view(shape, row_major(shape));
  Index strides = strides_for(x, shape);
  const bool found = std::ssize(strides) == shape.rank();
  return found ? x.view(shape, std::move(strides)) : copied(x).view(shape, row_major(shape));
}

}  // namespace nt::fast
