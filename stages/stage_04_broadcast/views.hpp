#pragma once
// The same elements in another shape, without copying where strides can say it. All axes lie in
// [0, rank), and shapes fit: the op table has seen to that.

#include <optional>

#include "storage.hpp"

namespace nt {

/// Repeats axes of size 1, and adds axes in front, until `shape` is reached: their stride is 0, so
/// that every step along them stays on the same element.   x: X -> shape
Storage expand(const Storage& x, const Shape& shape);

/// Axis i of the view is axis order[i] of x.
Storage permute(const Storage& x, const Axes& order);

/// Elements start .. stop-1 along an axis.   x: (..., n, ...) -> (..., stop - start, ...)
Storage slice(const Storage& x, int axis, std::int64_t start, std::int64_t stop);

/// The elements of x, row by row, in a new shape of as many: a view where strides can say it, else
/// a copy.
Storage reshape(const Storage& x, const Shape& shape);

/// The strides with which the buffer of x, from its offset on, gives the elements of x row by row
/// in a `shape` of as many; none where no strides can say it.
std::optional<Index> strides_for(const Storage& x, const Shape& shape);

}  // namespace nt
