#pragma once
// The operations of the reference backend, on Eigen. They are the oracle for the operations that
// the stages write, and share no code with them. Arguments are trusted: the op table (stage 2) has
// checked shapes and axes before a kernel runs. Axes lie in [0, rank); an empty list of axes
// reduces nothing.

#include "core/array.hpp"

namespace nt::eigen {

/// The host's values, on this backend.
Array array(const HostArray& values);

// Element by element. Shapes broadcast as in numpy: aligned at the last axis, a size of 1 or a
// missing axis repeats.   a: A, b: B -> broadcast(A, B)
Array add(const Array& a, const Array& b);
Array subtract(const Array& a, const Array& b);
Array multiply(const Array& a, const Array& b);
Array divide(const Array& a, const Array& b);

// Element by element.   x: X -> X
Array exp(const Array& x);
Array log(const Array& x);
Array sqrt(const Array& x);
/// erf(x) = 2 / sqrt(pi) * integral of exp(-t^2) from 0 to x.
Array erf(const Array& x);
Array tanh(const Array& x);
/// y = x^exponent
Array power(const Array& x, float exponent);

// Element by element, broadcast: 1 where it is so, 0 where not.
Array greater(const Array& a, const Array& b);
Array equal(const Array& a, const Array& b);
/// a where the condition is not 0, b where it is; all three broadcast.
Array where(const Array& condition, const Array& a, const Array& b);

/// y[i] = x[i, labels[i]].   x: (B, C), labels: (B) -> (B)
Array pick(const Array& x, const std::vector<std::int32_t>& labels);

/// c = a b, matrix by matrix; the batch axes before the last two broadcast.
///   a: (..., M, K), b: (..., K, N) -> (..., M, N)
Array matmul(const Array& a, const Array& b);

// The elements along `axes` combined into one; these axes stay with size 1 where `keepdim`, and
// vanish where not.
Array sum(const Array& x, const Axes& axes, bool keepdim);
Array mean(const Array& x, const Axes& axes, bool keepdim);
Array max(const Array& x, const Axes& axes, bool keepdim);
/// The position of the largest element along `axis`, the first one of equals, as a float.
Array argmax(const Array& x, int axis, bool keepdim);

// The same elements seen in another way.
/// Row by row into the new shape.   x: X -> shape, with as many elements
Array reshape(const Array& x, const Shape& shape);
/// Axis i of the result is axis order[i] of x.
Array permute(const Array& x, const Axes& order);
/// Two axes change places.
Array transpose(const Array& x, int axis0, int axis1);
/// Elements start .. stop-1 along an axis.
Array slice(const Array& x, int axis, std::int64_t start, std::int64_t stop);
/// Repeats axes of size 1, and adds axes in front, until the shape is reached.
Array expand(const Array& x, const Shape& shape);
/// Zeros before and after along an axis: what slice does to gradients, backwards.
Array pad(const Array& x, int axis, std::int64_t before, std::int64_t after);

}  // namespace nt::eigen
