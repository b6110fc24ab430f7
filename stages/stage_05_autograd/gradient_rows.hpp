#pragma once
// The rows that gradients, activations and losses need beyond those of stage 2.

#include <cstdint>
#include <vector>

#include "rows.hpp"

namespace nt {

/// A class for each row of an array, 0 .. C-1.
using Labels = std::vector<std::int32_t>;

namespace shape_rule {

/// x: X -> X
Shape power(std::string_view op, Array& x, float& p);

/// condition: C, a: A, b: B -> all three, broadcast. Throws
/// `where: shapes do not broadcast: condition is (2), a is (3), b is ()`.
Shape where(std::string_view op, Array& condition, Array& a, Array& b);

/// x: (B, C), labels: (B) -> (B). Throws
///   ShapeError  `pick: a label for each row: x is (2, 10), labels are 3`
///   Error       `pick: label 1 is 10, and x is (2, 10)`, for a label that is no column.
Shape pick(std::string_view op, Array& x, Labels& labels);

}  // namespace shape_rule

namespace op {

/// y = tanh x = (exp x - exp -x) / (exp x + exp -x)   X -> X
inline Unary tanh{"tanh", shape_rule::same, {.naive = 5}};

/// y = x^p, p a number; x^0 is 1, even for NaN, as C and PyTorch have it.   x: X -> X
inline Op<Array(const Array&, float)> power{"power", shape_rule::power, {.naive = 5}};

// 1 where it is so, 0 where not; no comparison with NaN is.   a: A, b: B -> broadcast(A, B)
inline Binary greater{"greater", shape_rule::broadcast, {.naive = 5}};
inline Binary equal{"equal", shape_rule::broadcast, {.naive = 5}};

/// a where the condition is not 0, b where it is.
///   condition: C, a: A, b: B -> broadcast(C, A, B)
inline Op<Array(const Array&, const Array&, const Array&)> where{
    "where", shape_rule::where, {.naive = 5}};

/// y[i] = x[i, labels[i]].   x: (B, C), labels: (B) -> (B)
inline Op<Array(const Array&, const Labels&)> pick{"pick", shape_rule::pick, {.naive = 5}};

/// The number c, which broadcasts to any shape.
inline Array number(float c) { return array({Shape{}, {c}}); }

}  // namespace op

/// Fills these rows and `pad`, on `naive` and `eigen`, and what lies below. May be called again.
void install_gradient_rows();

}  // namespace nt
