#pragma once
// The fast kernels of the rows of stages 2 to 9, upon FastArrays. Shapes fit: the op table has seen
// to that.

#include "fast_array.hpp"
#include "kernels.hpp"

namespace nt::fast {

/// y = f(x), element by element.   x: X -> X
FastArray unary(Kernels::Unary f, const FastArray& x);

/// c = f(a, b), element by element.   a: A, b: B -> broadcast(A, B)
FastArray binary(Kernels::Binary f, const FastArray& a, const FastArray& b);

/// c = a b, and where there is a start: c[..., n] = a b + start[n].
///   a: (..., M, K), b: (..., K, N), start: (N) -> (..., M, N)
/// Either may be a view turned around: then it is read as it lies, or b is copied once.
FastArray matmul(const FastArray& a, const FastArray& b, const float* start = nullptr);

/// Rows that a sum over many adds one after the other; then such sums are added. So many rounding
/// errors meet, and no more, and they are the same for any number of threads.
inline constexpr std::int64_t kRowsOfASum = 256;

/// x without `axes`, or with size 1 there where `keepdim`.
FastArray sum(const FastArray& x, const Axes& axes, bool keepdim);

/// Zeros before and after along an axis.
FastArray pad(const FastArray& x, int axis, std::int64_t before, std::int64_t after);

}  // namespace nt::fast
