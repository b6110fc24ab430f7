#pragma once
// The operations on Tensors: each computes through the row of the op table that has its name, and
// records its derivative beside it. What shapes it takes, which axes may count from the end, and
// what it throws, is what the row does.

#include "gradient_rows.hpp"
#include "tape.hpp"

namespace nt {

/// A constant: the number c, which broadcasts to any shape and wants no gradient.
Tensor number(float c);

// Element by element, broadcast.   a: A, b: B -> broadcast(A, B)
Tensor add(const Tensor& a, const Tensor& b);
Tensor subtract(const Tensor& a, const Tensor& b);
Tensor multiply(const Tensor& a, const Tensor& b);
Tensor divide(const Tensor& a, const Tensor& b);
// 1 where it is so, 0 elsewhere: constant but for jumps, so it wants no gradient.
Tensor greater(const Tensor& a, const Tensor& b);
Tensor equal(const Tensor& a, const Tensor& b);
/// a where the condition is not 0, b where it is; the condition gets no gradient.
///   condition: C, a: A, b: B -> broadcast(C, A, B)
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);

// Element by element.   x: X -> X
Tensor exp(const Tensor& x);
Tensor log(const Tensor& x);
Tensor sqrt(const Tensor& x);
Tensor erf(const Tensor& x);
Tensor tanh(const Tensor& x);
/// y = x^p
Tensor power(const Tensor& x, float p);

/// c = a b.   a: (..., M, K), b: (..., K, N) -> (..., M, N)
Tensor matmul(const Tensor& a, const Tensor& b);

// x without `axes`, or with size 1 there where `keepdim`.
Tensor sum(const Tensor& x, const Axes& axes, bool keepdim = false);
Tensor mean(const Tensor& x, const Axes& axes, bool keepdim = false);
/// Where several elements are the largest, each gets the same share of the gradient, as in
/// PyTorch's amax; where one is NaN, all that were compared with it get NaN.
Tensor max(const Tensor& x, const Axes& axes, bool keepdim = false);
/// y[i] = x[i, labels[i]].   x: (B, C), labels: (B) -> (B)
Tensor pick(const Tensor& x, const Labels& labels);

// The same elements, seen in another way.
Tensor reshape(const Tensor& x, const Shape& shape);
Tensor permute(const Tensor& x, const Axes& order);
Tensor transpose(const Tensor& x, int axis0, int axis1);
Tensor slice(const Tensor& x, int axis, std::int64_t start, std::int64_t stop);
Tensor expand(const Tensor& x, const Shape& shape);
Tensor pad(const Tensor& x, int axis, std::int64_t before, std::int64_t after);

inline Tensor operator+(const Tensor& a, const Tensor& b) { return add(a, b); }
inline Tensor operator-(const Tensor& a, const Tensor& b) { return subtract(a, b); }
inline Tensor operator*(const Tensor& a, const Tensor& b) { return multiply(a, b); }
inline Tensor operator/(const Tensor& a, const Tensor& b) { return divide(a, b); }
inline Tensor operator+(const Tensor& a, float c) { return add(a, number(c)); }
inline Tensor operator*(const Tensor& a, float c) { return multiply(a, number(c)); }

}  // namespace nt
