#pragma once
// The rows of the op table that the first stages need. Each is called like a function:
// op::add(a, b). A later stage adds rows of its own, and kernels for these.

#include "op.hpp"
#include "shape_rules.hpp"

namespace nt::op {

using Create = Op<Array(const HostArray&)>;
using Unary = Op<Array(const Array&)>;
using Binary = Op<Array(const Array&, const Array&)>;
using Reduction = Op<Array(const Array&, const Axes&, bool keepdim)>;

/// mean(x) = sum(x) / n, n the number of elements in each sum; `axes` count from the front. The
/// fallback of the row `mean`.   x: X -> X without `axes`, or with size 1 there where `keepdim`
Array mean_of_sum(const Array& x, const Axes& axes, bool keepdim);

/// The host's values, on the chosen backend.
inline Create array{"array", shape_rule::of_values, {.naive = 3}};

// Element by element, broadcast.   a: A, b: B -> broadcast(A, B)
inline Binary add{"add", shape_rule::broadcast, {.naive = 3}};
inline Binary subtract{"subtract", shape_rule::broadcast, {.naive = 3}};
inline Binary multiply{"multiply", shape_rule::broadcast, {.naive = 3}};
inline Binary divide{"divide", shape_rule::broadcast, {.naive = 3}};

// Element by element.   x: X -> X
inline Unary exp{"exp", shape_rule::same, {.naive = 3}};
inline Unary log{"log", shape_rule::same, {.naive = 3}};
inline Unary sqrt{"sqrt", shape_rule::same, {.naive = 3}};
inline Unary erf{"erf", shape_rule::same, {.naive = 3}};

/// a: (..., M, K), b: (..., K, N) -> (..., M, N)
inline Binary matmul{"matmul", shape_rule::matmul, {.naive = 3}};

/// Two axes change places.
inline Op<Array(const Array&, int, int)> transpose{
    "transpose", shape_rule::transpose, {.naive = 3}};

// The elements along some axes combined into one.
inline Reduction sum{"sum", shape_rule::reduce, {.naive = 4}};
inline Reduction mean{"mean", shape_rule::reduce, {.naive = 4}, mean_of_sum};
inline Reduction max{"max", shape_rule::reduce_some, {.naive = 4}};
/// The position of the largest element along an axis, the first one of equals, as a float.
inline Op<Array(const Array&, int, bool keepdim)> argmax{
    "argmax", shape_rule::reduce_one_axis, {.naive = 4}};

// The same elements, seen in another way.
inline Op<Array(const Array&, const Shape&)> reshape{"reshape", shape_rule::reshape, {.naive = 4}};
inline Op<Array(const Array&, const Axes&)> permute{"permute", shape_rule::permute, {.naive = 4}};
/// Elements start .. stop-1 along an axis.
inline Op<Array(const Array&, int, std::int64_t, std::int64_t)> slice{
    "slice", shape_rule::slice, {.naive = 4}};
inline Op<Array(const Array&, const Shape&)> expand{"expand", shape_rule::expand, {.naive = 4}};
/// Zeros before and after along an axis.
inline Op<Array(const Array&, int, std::int64_t, std::int64_t)> pad{
    "pad", shape_rule::pad, {.naive = 5}};

}  // namespace nt::op

namespace nt {

/// Fills the `eigen` column with the reference's operations. May be called again.
void install_eigen();

}  // namespace nt
