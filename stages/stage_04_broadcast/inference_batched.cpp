#include "inference_batched.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "core/errors.hpp"
#include "rows.hpp"

namespace nt {
namespace {

constexpr std::int64_t kPatch = 4;
constexpr std::int64_t kHeads = 4;

using Weights = std::map<std::string, Array>;

const Array& named(const Weights& weights, const std::string& name) {
  const auto found = weights.find(name);
  if (found == weights.end()) throw Error(fmt::format("infer_batched: no weight '{}'", name));
  return found->second;
}

Array number(float value) { return op::array({Shape{}, {value}}); }

/// x W^T + b.   x: (..., K), weight: (N, K), bias: (N) -> (..., N)
Array linear(const Array& x, const Array& weight, const Array& bias) {
  return op::add(op::matmul(x, op::transpose(weight, 0, 1)), bias);
}

Array linear(const Weights& w, const std::string& layer, const Array& x) {
  return linear(x, named(w, layer + ".weight"), named(w, layer + ".bias"));
}

/// (x - mean) / sqrt(var + 1e-5) * weight + bias, over the last axis.
Array layer_norm(const Weights& w, const std::string& layer, const Array& x) {
  const Array centred = op::subtract(x, op::mean(x, {-1}, true));
  const Array variance = op::mean(op::multiply(centred, centred), {-1}, true);
  const Array z = op::divide(centred, op::sqrt(op::add(variance, number(1e-5F))));
  return op::add(op::multiply(z, named(w, layer + ".weight")), named(w, layer + ".bias"));
}

/// exp(x - max) / sum exp(x - max), over the last axis.
Array softmax(const Array& x) {
  const Array e = op::exp(op::subtract(x, op::max(x, {-1}, true)));
  return op::divide(e, op::sum(e, {-1}, true));
}

/// x (1 + erf(x / sqrt 2)) / 2
Array gelu(const Array& x) {
  const Array erf = op::erf(op::multiply(x, number(std::sqrt(0.5F))));
  return op::multiply(x, op::multiply(op::add(erf, number(1)), number(0.5F)));
}

/// softmax(q k^T / sqrt D) v, all heads of all images at once.   x: (B, T, C) -> (B, T, C)
Array attention(const Weights& w, const std::string& name, const Array& x) {
  const std::int64_t B = x.shape()[0];
  const std::int64_t T = x.shape()[1];
  const std::int64_t C = x.shape()[2];
  const std::int64_t D = C / kHeads;
  const Array qkv = linear(x, named(w, name + "in_proj_weight"), named(w, name + "in_proj_bias"));
  const Array split = op::permute(op::reshape(qkv, {B, T, 3, kHeads, D}), {2, 0, 3, 1, 4});
  const auto part = [&](std::int64_t i) {  // 0, 1, 2: q, k, v
    return op::reshape(op::slice(split, 0, i, i + 1), {B, kHeads, T, D});
  };
  const Array scores = op::matmul(part(0), op::transpose(part(1), -2, -1));
  const Array listening =
      softmax(op::multiply(scores, number(1 / std::sqrt(static_cast<float>(D)))));
  const Array context = op::permute(op::matmul(listening, part(2)), {0, 2, 1, 3});
  return linear(w, name + "out_proj", op::reshape(context, {B, T, C}));
}

/// The patches of every image, a row each.   images: (B, 1, S, S) -> (B, (S/P)^2, P^2)
Array patches(const Array& images) {
  const std::int64_t B = images.shape()[0];
  const std::int64_t across = images.shape()[2] / kPatch;
  const Array grid = op::reshape(images, {B, across, kPatch, across, kPatch});
  return op::reshape(op::permute(grid, {0, 1, 3, 2, 4}), {B, across * across, kPatch * kPatch});
}

/// images: (B, 1, 28, 28) -> logits: (B, 10)
Array logits(const Weights& w, const Array& images) {
  const Array& convolution = named(w, "patch_embedding.weight");  // (C, 1, P, P)
  const Array weight = op::reshape(convolution, {convolution.shape()[0], kPatch * kPatch});
  Array x = linear(patches(images), weight, named(w, "patch_embedding.bias"));
  x = op::add(x, named(w, "position_embedding"));
  const std::string block = "encoder.0.";
  x = op::add(x, attention(w, block + "self_attn.", layer_norm(w, block + "norm1", x)));
  const Array hidden = gelu(linear(w, block + "linear1", layer_norm(w, block + "norm2", x)));
  x = op::add(x, linear(w, block + "linear2", hidden));
  return linear(w, "classifier", op::mean(x, {1}, false));
}

}  // namespace

HostArray infer_batched(const std::vector<std::pair<std::string, HostArray>>& weights,
                        const HostArray& images) {
  Weights by_name;
  for (const auto& [name, values] : weights) by_name[name] = op::array(values);
  return logits(by_name, op::array(images)).host();
}

}  // namespace nt
