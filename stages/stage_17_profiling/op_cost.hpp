#pragma once
// How much work a call is, told by the shapes alone: FLOP, operations on floating-point numbers,
// and bytes that are read or written. Counted is what the formula asks for, not what a kernel does:
// two kernels that compute the same are then measured by the same yardstick.

#include <string_view>
#include <vector>

#include "core/shape.hpp"

namespace nt {

struct Cost {
  double flop = 0;
  double bytes = 0;

  friend bool operator==(const Cost&, const Cost&) = default;
};

/// What the row of that name costs. An addition, a multiplication, a comparison and a function such
/// as exp count as one FLOP each; constants of a whole row of numbers do not count. n is how many
/// numbers the result has, x how many the first operand; other letters as at the rows.
///
///   add, subtract, multiply, divide, greater, equal   n
///   exp, log, sqrt, erf, tanh, power                  n
///   sum, max, argmax                                  x
///   mean                                              x + n
///   matmul                                            2 M N K for each matrix of a stack
///   linear                                            2 M N K + M N
///   gelu, gelu_gradient                               5 n, 11 n
///   softmax, softmax_gradient                         5 n, 4 n
///   layer_norm, its gradient, its weight's            7 n, 13 n, 7 x
///   attention                                         4 T^2 D + 6 T^2 for each head
///   attention_gradient                                10 T^2 D + 11 T^2 for each head
///   cross_entropy, cross_entropy_gradient             4 x, 6 x
///   adamw                                             16 x
///   patch_embedding                                   2 n P^2 + n
///   its gradients                                     2 P^2 for each number of dy
///   array, pad, where, pick and views                 0
///
/// The bytes are those of all operands and of the result, 4 for each number, once each. The views,
/// reshape, permute, transpose, slice and expand, count as 0: what is seen in another way stays
/// where it is. A reshape that has to copy all the same shows in its time.
///   operands: the shapes of the arguments that are arrays, in their order
/// Throws Error `op_cost: no formula for 'convolution'`.
Cost op_cost(std::string_view row, const std::vector<Shape>& operands, const Shape& result);

}  // namespace nt
