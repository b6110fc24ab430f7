#include "by_hand/layers.hpp"

#include <cmath>
#include <utility>

namespace nt::by_hand {
namespace {

/// All axes but the last: (..., C) -> (rows, C).
Array as_rows(const Operations& op, const Array& x) {
  const std::int64_t columns = x.shape()[x.shape().rank() - 1];
  return op.reshape(x, {x.shape().count() / columns, columns});
}

Array sum_of_rows(const Operations& op, const Array& x) {
  return op.sum(as_rows(op, x), {0}, false);
}

Array mean_of_last(const Operations& op, const Array& x) {
  return op.mean(x, {x.shape().rank() - 1}, true);
}

/// z = (x - mean) / s, and s.
std::pair<Array, Array> standardise(const Operations& op, const Array& x) {
  const Array centred = op.subtract(x, mean_of_last(op, x));
  const Array variance = mean_of_last(op, op.multiply(centred, centred));
  const Array s = op.sqrt(op.add(variance, op.number(1e-5F)));
  return {op.divide(centred, s), s};
}

/// P(x) = (1 + erf(x / sqrt 2)) / 2
Array normal_distribution(const Operations& op, const Array& x) {
  const Array erf = op.erf(op.multiply(x, op.number(std::sqrt(0.5F))));
  return op.multiply(op.add(erf, op.number(1)), op.number(0.5F));
}

/// p(x) = exp(-x^2 / 2) / sqrt(2 pi)
Array normal_density(const Operations& op, const Array& x) {
  const Array bell = op.exp(op.multiply(op.multiply(x, x), op.number(-0.5F)));
  return op.multiply(bell, op.number(0.3989422804F));
}

}  // namespace

Array linear(const Operations& op, const Array& x, const Array& weight, const Array& bias) {
  const Array y = op.add(op.matmul(as_rows(op, x), op.transpose(weight, 0, 1)), bias);
  std::vector<std::int64_t> sizes = x.shape().sizes();
  sizes.back() = weight.shape()[0];
  return op.reshape(y, Shape(sizes));
}

LinearGradients linear_backward(const Operations& op, const Array& x, const Array& weight,
                                const Array& dy) {
  const Array rows = as_rows(op, dy);
  return {.dx = op.reshape(op.matmul(rows, weight), x.shape()),            // dy W
          .dweight = op.matmul(op.transpose(rows, 0, 1), as_rows(op, x)),  // dy^T x
          .dbias = sum_of_rows(op, dy)};
}

Array layer_norm(const Operations& op, const Array& x, const Array& weight, const Array& bias) {
  return op.add(op.multiply(standardise(op, x).first, weight), bias);
}

LinearGradients layer_norm_backward(const Operations& op, const Array& x, const Array& weight,
                                    const Array& dy) {
  const auto [z, s] = standardise(op, x);
  const Array dz = op.multiply(dy, weight);
  const Array along_z = op.multiply(z, mean_of_last(op, op.multiply(dz, z)));
  return {.dx = op.divide(op.subtract(op.subtract(dz, mean_of_last(op, dz)), along_z), s),
          .dweight = sum_of_rows(op, op.multiply(dy, z)),
          .dbias = sum_of_rows(op, dy)};
}

Array gelu(const Operations& op, const Array& x) {
  return op.multiply(x, normal_distribution(op, x));
}

Array gelu_backward(const Operations& op, const Array& x, const Array& dy) {
  const Array slope = op.add(normal_distribution(op, x), op.multiply(x, normal_density(op, x)));
  return op.multiply(dy, slope);
}

Array softmax(const Operations& op, const Array& x) {
  const int last = x.shape().rank() - 1;
  const Array e = op.exp(op.subtract(x, op.max(x, {last}, true)));
  return op.divide(e, op.sum(e, {last}, true));
}

Array softmax_backward(const Operations& op, const Array& y, const Array& dy) {
  const int last = y.shape().rank() - 1;
  const Array projection = op.sum(op.multiply(y, dy), {last}, true);
  return op.multiply(y, op.subtract(dy, projection));
}

Array cut_patches(const Operations& op, const Array& images, std::int64_t patch) {
  const std::int64_t B = images.shape()[0];
  const std::int64_t across = images.shape()[2] / patch;
  const Array grid = op.reshape(images, {B, across, patch, across, patch});
  return op.reshape(op.permute(grid, {0, 1, 3, 2, 4}), {B, across * across, patch * patch});
}

Loss cross_entropy(const Operations& op, const Array& logits,
                   const std::vector<std::int32_t>& labels) {
  const std::int64_t B = logits.shape()[0];
  HostArray onehot = filled(logits.shape());
  for (std::int64_t i = 0; i < B; ++i) {
    onehot.values[static_cast<std::size_t>(
        ravel({i, labels[static_cast<std::size_t>(i)]}, logits.shape()))] = 1;
  }
  const Array truth = op.array(onehot);

  // ln softmax(x)_i = x_i - m - ln sum_j exp(x_j - m)
  const Array shifted = op.subtract(logits, op.max(logits, {1}, true));
  const Array log_sum = op.log(op.sum(op.exp(shifted), {1}, true));
  const Array log_softmax = op.subtract(shifted, log_sum);
  const Array minus_mean = op.number(-1.0F / static_cast<float>(B));
  return {.value = op.multiply(op.sum(op.multiply(log_softmax, truth), {0, 1}, false), minus_mean),
          .dlogits = op.multiply(op.subtract(truth, op.exp(log_softmax)), minus_mean)};
}

}  // namespace nt::by_hand
