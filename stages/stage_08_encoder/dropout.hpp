#pragma once
// Dropout: in training, numbers are left out at random, so that the model cannot rely on any one of
// them. Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, "Dropout: a simple way to prevent
// neural networks from overfitting", JMLR 15 (2014).

#include "core/random.hpp"
#include "tensor_ops.hpp"

namespace nt {

/// Leaves each number out with probability p, by itself. There is no switch between training and
/// evaluation: whoever evaluates a model uses none.
class Dropout {
 public:
  /// The same p and the same state of `random` leave out the same numbers, on every backend. Throws
  /// Error `dropout: p should be in [0, 1), found 1.5`, for NaN as well.
  Dropout(float p, Random random);

  /// y = x f with a factor f for each number, drawn anew at every call: 0 with probability p, else
  /// 1 / (1 - p), so that y is x on the average. The gradient, dx = dy f, has the same factors.
  ///   x: X -> X.   NaN stays NaN, left out or not.
  Tensor operator()(const Tensor& x);

 private:
  float p_;
  Random random_;
};

}  // namespace nt
