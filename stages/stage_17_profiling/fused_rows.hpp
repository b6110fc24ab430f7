#pragma once
// Rows of the op table that do in one go what takes several of the earlier rows: numbers that are
// read once for several operations need not go to memory and back between them. Each has a fallback
// composed of earlier rows, which is what it means, and which every backend without a kernel uses.
// In the formulas y is a layer's result, dy the gradient of it.

#include "adamw.hpp"
#include "gradient_rows.hpp"

namespace nt::op {

using Ternary = Op<Array(const Array&, const Array&, const Array&)>;

/// y = x W^T + b.   x: (..., K), weight W: (N, K), bias b: (N) -> (..., N)
extern Ternary linear;

/// y = x P(x), P(x) = (1 + erf(x / sqrt 2)) / 2.   x: X -> X
extern Unary gelu;
/// dx = dy (P(x) + x p(x)), p(x) = e^(-x^2/2) / sqrt(2 pi).   x, dy: X -> X
extern Binary gelu_gradient;

/// y = softmax(x) along the last axis.   x: (..., C) -> (..., C), C at least 1
extern Unary softmax;
/// dx = y (dy - sum along the last axis of y dy).   y, dy: (..., C) -> (..., C)
extern Binary softmax_gradient;

/// y = n weight + bias, n = (x - mean) / sqrt(variance + 1e-5) along the last axis.
///   x: (..., C), weight, bias: (C) -> (..., C)
extern Ternary layer_norm;
/// dx of it: with g = dy weight,   dx = (g - mean g - n mean(g n)) / sqrt(variance + 1e-5)
///   x: (..., C), weight: (C), dy: (..., C) -> (..., C)
extern Ternary layer_norm_gradient;
/// dweight = sum over all rows of dy n.   x, dy: (..., C) -> (C)
extern Binary layer_norm_weight_gradient;

/// y = softmax(q k^T / sqrt D) v.   q, k, v: (..., T, D) -> (..., T, D)
extern Ternary attention;
/// dq, dk and dv, one behind the other.   q, k, v, dy: (..., T, D) -> (3, ..., T, D)
extern Op<Array(const Array& q, const Array& k, const Array& v, const Array& dy)>
    attention_gradient;

/// L = -1/B sum_i log softmax(logits_i)[labels_i].   logits: (B, C), labels: (B) -> ()
extern Op<Array(const Array& logits, const Labels& labels)> cross_entropy;
/// dL/dlogits = (softmax(logits) - 1 at the labels) / B.   -> (B, C)
extern Op<Array(const Array& logits, const Labels& labels)> cross_entropy_gradient;

/// The weight, m and v after the step that makes the steps `steps`, one behind the other; see stage
/// 12 for the formulas.   weight, gradient, m, v: X -> (3, X)
extern Op<Array(const Array& weight, const Array& gradient, const Array& m, const Array& v,
                const AdamWSettings& settings, std::int64_t steps)>
    adamw;

}  // namespace nt::op

namespace nt {

/// Part i of what was put one behind the other.   x: (n, ...) -> (...)
Array part_of(const Array& x, std::int64_t i);

}  // namespace nt
