#include "layers.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/errors.hpp"

namespace nt {
namespace {

/// Throws unless weight is (N, K) and bias (N) for x: (..., K).
void linear_rule(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  const Shape& w = weight.shape();
  const int rank = x.shape().rank();
  if (rank >= 1 && w.rank() == 2 && x.shape()[rank - 1] == w[1] && bias.shape() == Shape{w[0]}) {
    return;
  }
  throw ShapeError(fmt::format("linear: sizes differ: x is {}, weight is {}, bias is {}",
                               x.shape().text(), w.text(), bias.shape().text()));
}

Tensor composed_linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  // exercise 6.2: y = x W^T + b; a vector x goes through as a matrix of one row
  const bool vector = x.shape().rank() == 1;
  const Tensor rows = vector ? reshape(x, {1, x.shape()[0]}) : x;
  const Tensor y = matmul(rows, transpose(weight, 0, 1)) + bias;
  return vector ? reshape(y, bias.shape()) : y;
  // end exercise
}

void any_shape(const Tensor& /*x*/) {}

Tensor composed_relu(const Tensor& x) {
  const Tensor zero = number(0);
  const Tensor off = greater(zero, x) + equal(x, zero);  // 0 for NaN, so that it passes
  return where(off, zero, x);
}

Tensor composed_gelu(const Tensor& x) {
  // exercise 6.3: x (1 + erf(x / sqrt 2)) / 2
  const Tensor twice = erf(x * std::sqrt(0.5F)) + 1;
  const Tensor probability = twice * 0.5F;
  return x * probability;
  // end exercise
}

void need_last_axis(const char* name, const Shape& x) {
  if (x.rank() > 0 && x[x.rank() - 1] > 0) return;
  throw ShapeError(
      fmt::format("{}: there are no numbers along a last axis: x is {}", name, x.text()));
}

void softmax_rule(const Tensor& x) { need_last_axis("softmax", x.shape()); }

void log_softmax_rule(const Tensor& x) { need_last_axis("log_softmax", x.shape()); }

/// The largest along the last axis, as a constant: what is subtracted from all x_i alike does not
/// change a softmax, so no gradient goes through it.   x: (..., C) -> (..., 1)
Tensor largest(const Tensor& x) { return Tensor(op::max(x.data(), {-1}, true)); }

Tensor composed_softmax(const Tensor& x) {
  // exercise 6.4: exp(x) over its sum, the largest x subtracted first, lest exp overflow
  const Tensor e = exp(x - largest(x));
  const Tensor total = sum(e, {-1}, true);
  return e / total;
  // end exercise
}

Tensor composed_log_softmax(const Tensor& x) {
  // exercise 6.5: x - log sum exp(x), the largest x subtracted first; no log of a softmax
  const Tensor shifted = x - largest(x);
  const Tensor total = sum(exp(shifted), {-1}, true);
  return shifted - log(total);
  // end exercise
}

/// Throws unless weight and bias are (C) for x: (..., C).
void norm_rule(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  const int rank = x.shape().rank();
  if (rank >= 1 && weight.shape() == Shape{x.shape()[rank - 1]} && bias.shape() == weight.shape()) {
    return;
  }
  throw ShapeError(fmt::format("layer_norm: sizes differ: x is {}, weight is {}, bias is {}",
                               x.shape().text(), weight.shape().text(), bias.shape().text()));
}

Tensor composed_layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  // exercise 6.6: centre, divide by the root of the variance + 1e-5, then scale and shift
  const Tensor centred = x - mean(x, {-1}, true);
  const Tensor variance = mean(centred * centred, {-1}, true);
  const Tensor normalised = centred / sqrt(variance + 1e-5F);
  return normalised * weight + bias;
  // end exercise
}

float bound(std::int64_t K) { return 1 / std::sqrt(static_cast<float>(K)); }

}  // namespace

WithWeightAndBias linear(linear_rule, composed_linear);
Activation relu(any_shape, composed_relu);
Activation gelu(any_shape, composed_gelu);
Activation softmax(softmax_rule, composed_softmax);
Activation log_softmax(log_softmax_rule, composed_log_softmax);
WithWeightAndBias layer_norm(norm_rule, composed_layer_norm);

Linear::Linear(std::int64_t K, std::int64_t N, Random& random)
    : weight(own("weight", uniform({N, K}, bound(K), random))),
      bias(own("bias", uniform({N}, bound(K), random))) {}

LayerNorm::LayerNorm(std::int64_t C)
    : weight(own("weight", filled({C}, 1))), bias(own("bias", filled({C}, 0))) {}

}  // namespace nt
