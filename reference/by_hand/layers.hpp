#pragma once
// The layers of the model, each with its derivative: forward and backward side by side, worked out
// by hand. In the formulas L is the loss and dx stands for dL/dx, which has the shape of x. B
// images, T tokens of C numbers each.

#include <vector>

#include "by_hand/operations.hpp"

namespace nt::by_hand {

/// y = x W^T + b.   x: (..., K), W: (N, K), b: (N) -> (..., N)
Array linear(const Operations& op, const Array& x, const Array& weight, const Array& bias);

struct LinearGradients {
  Array dx, dweight, dbias;
};

/// dx = dy W,  dW = dy^T x,  db = sum of dy, the last two over all rows.
LinearGradients linear_backward(const Operations& op, const Array& x, const Array& weight,
                                const Array& dy);

/// y = (x - mean) / sqrt(var + 1e-5) * weight + bias, over each token's numbers.
///   x: (..., C), weight: (C), bias: (C) -> (..., C).   Ba, Kiros, Hinton, arXiv:1607.06450
Array layer_norm(const Operations& op, const Array& x, const Array& weight, const Array& bias);

/// With z = (x - mean) / s and s = sqrt(var + 1e-5):  dz = dy weight,
///   dx = (dz - mean(dz) - z mean(dz z)) / s,  dweight = sum of dy z,  dbias = sum of dy.
LinearGradients layer_norm_backward(const Operations& op, const Array& x, const Array& weight,
                                    const Array& dy);

/// y = x P(x), P(x) = (1 + erf(x / sqrt 2)) / 2 the normal distribution function.   x: X -> X
/// Hendrycks, Gimpel, arXiv:1606.08415
Array gelu(const Operations& op, const Array& x);

/// dx = dy (P(x) + x p(x)),  p(x) = P'(x) = exp(-x^2 / 2) / sqrt(2 pi).
Array gelu_backward(const Operations& op, const Array& x, const Array& dy);

/// y_i = exp(x_i - m) / sum_j exp(x_j - m), over the last axis; m = max x keeps exp small.   X -> X
Array softmax(const Operations& op, const Array& x);

/// dx = y (dy - sum_j y_j dy_j).
Array softmax_backward(const Operations& op, const Array& y, const Array& dy);

/// The images as rows of patch pixels, patches and their pixels row by row.
///   images: (B, 1, S, S) -> (B, (S/P)^2, P^2)
Array cut_patches(const Operations& op, const Array& images, std::int64_t patch);

/// The mean over images of -ln softmax(logits)[label], and its gradient (softmax - onehot) / B.
///   logits: (B, C), labels: (B) -> the loss: (), dlogits: (B, C)
struct Loss {
  Array value, dlogits;
};
Loss cross_entropy(const Operations& op, const Array& logits,
                   const std::vector<std::int32_t>& labels);

}  // namespace nt::by_hand
