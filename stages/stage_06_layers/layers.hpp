#pragma once
// The layers that every network is made of. Each function is composed of stage 5's operations, so
// that its gradient comes from the tape; a backend may compute it in one go (fused.hpp). What lies
// along the last axis belongs together: the K or C numbers of one example, the logits of its
// classes. The axes in front count examples, and each is treated by itself.

#include "fused.hpp"
#include "module.hpp"
#include "tensor_ops.hpp"

namespace nt {

using Activation = Fused<Tensor(const Tensor&)>;
using WithWeightAndBias = Fused<Tensor(const Tensor& x, const Tensor& weight, const Tensor& bias)>;

/// y = x W^T + b.   x: (..., K), weight W: (N, K), bias b: (N) -> (..., N)
/// Throws ShapeError `linear: sizes differ: x is (2, 3), weight is (4, 5), bias is (4)`.
extern WithWeightAndBias linear;

/// y = max(x, 0), and NaN stays NaN; its slope at 0 is 0, as in PyTorch.   x: X -> X
extern Activation relu;

/// y = x P(x), with P(x) = (1 + erf(x / sqrt 2)) / 2 the probability that a normally distributed
/// number lies below x.   x: X -> X   Hendrycks, Gimpel, arXiv:1606.08415
extern Activation gelu;

/// y_i = exp(x_i) / sum_j exp(x_j) over the last axis: positive numbers whose sum is 1.   X -> X
/// Finite for all finite x. Throws ShapeError
///   `softmax: there are no numbers along a last axis: x is ()`.
extern Activation softmax;

/// y_i = x_i - log sum_j exp(x_j) over the last axis, which is log softmax(x)_i.   x: X -> X
/// Finite for all finite x. Throws ShapeError
///   `log_softmax: there are no numbers along a last axis: x is (2, 0)`.
extern Activation log_softmax;

/// y = (x - m) / sqrt(v + 1e-5) * weight + bias, m the mean and v the variance over the last axis:
/// v = mean of (x - m)^2.   x: (..., C), weight: (C), bias: (C) -> (..., C)
/// Ba, Kiros, Hinton, arXiv:1607.06450. Throws ShapeError
///   `layer_norm: sizes differ: x is (2, 3), weight is (4), bias is (4)`.
extern WithWeightAndBias layer_norm;

/// linear with weights of its own. They begin as PyTorch's do, uniform in +-1 / sqrt K, the weight
/// drawn before the bias; K is at least 1.
struct Linear : Module {
  Linear(std::int64_t K, std::int64_t N, Random& random);
  Tensor operator()(const Tensor& x) const { return linear(x, weight, bias); }

  Tensor weight;  ///< (N, K)
  Tensor bias;    ///< (N)
};

/// layer_norm with weights of its own. They begin as 1 and 0.
struct LayerNorm : Module {
  explicit LayerNorm(std::int64_t C);
  Tensor operator()(const Tensor& x) const { return layer_norm(x, weight, bias); }

  Tensor weight;  ///< (C)
  Tensor bias;    ///< (C)
};

}  // namespace nt
