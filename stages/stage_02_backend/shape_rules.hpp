#pragma once
// What shapes an operation takes, and what shape it gives. Each rule is checked in the op layer,
// once for all backends. A rule throws ShapeError with the operation, the broken rule and the
// operands' shapes; it rewrites axes that count from the end (-1 is the last) to count from the
// front.

#include <string_view>

#include "core/array.hpp"

namespace nt::shape_rule {

/// A new array of the values' shape.
Shape of_values(std::string_view op, HostArray& values);

/// x: X -> X
Shape same(std::string_view op, Array& x);

/// a: A, b: B -> both, broadcast: aligned at the last axis, a size of 1 or a missing axis repeats.
/// Throws `add: shapes do not broadcast: a is (2, 3), b is (2)`.
Shape broadcast(std::string_view op, Array& a, Array& b);

/// The same for two shapes: (2, 1), (3) -> (2, 3) and (1, 3), (0, 3) -> (0, 3). Throws ShapeError
/// with `op: text` when they do not broadcast.
Shape broadcast_shapes(std::string_view op, const Shape& a, const Shape& b, std::string_view text);

/// a: (..., M, K), b: (..., K, N) -> (..., M, N); the axes before the last two broadcast. Throws
/// ShapeError for the first of three rules that is broken:
///   `matmul: operands must be matrices or stacks of them: a is (3), b is (3, 4)`
///   `matmul: inner dimensions differ: a is (2, 3), b is (4, 5)`
///   `matmul: batch axes do not broadcast: a is (2, 3, 4), b is (5, 4, 6)`
Shape matmul(std::string_view op, Array& a, Array& b);

/// x without `axes`, or with size 1 there where `keepdim`.
Shape reduce(std::string_view op, Array& x, Axes& axes, bool& keepdim);

/// The same, for operations that need at least one element to choose from.
Shape reduce_some(std::string_view op, Array& x, Axes& axes, bool& keepdim);
Shape reduce_one_axis(std::string_view op, Array& x, int& axis, bool& keepdim);

/// As many elements as x has.
Shape reshape(std::string_view op, Array& x, Shape& shape);

/// Every axis of x once.
Shape permute(std::string_view op, Array& x, Axes& order);

/// Two axes of x.
Shape transpose(std::string_view op, Array& x, int& axis0, int& axis1);

/// 0 <= start <= stop <= the size along the axis.
Shape slice(std::string_view op, Array& x, int& axis, std::int64_t& start, std::int64_t& stop);

/// The shape to which x alone broadcasts.
Shape expand(std::string_view op, Array& x, Shape& shape);

/// No negative number of zeros.
Shape pad(std::string_view op, Array& x, int& axis, std::int64_t& before, std::int64_t& after);

}  // namespace nt::shape_rule
