#pragma once
// Reductions: the elements along some axes combined into one. A reduction is a broadcast read
// backwards: the result is expanded to the shape of x, so that all elements that belong together
// meet on one element of the result.

#include "storage.hpp"

namespace nt::naive {

// x without `axes`, or with size 1 there where `keepdim`.
/// The sum; 0 where there is nothing to add.
Storage sum(const Storage& x, const Axes& axes, bool keepdim);
/// The largest; NaN where one is NaN.
Storage max(const Storage& x, const Axes& axes, bool keepdim);

/// The position of the largest along one axis, the first one of equals, as a float; the first NaN
/// where there is one. The axis has an element.   x: (..., n, ...) -> (..., ...), or
/// (..., 1, ...) where `keepdim`
Storage argmax(const Storage& x, int axis, bool keepdim);

}  // namespace nt::naive
