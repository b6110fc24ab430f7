#include "frozen_heads.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"

namespace nt {
namespace {

Tensor named(const NamedArrays& weights, const std::string& name) {
  const auto found = std::find_if(weights.begin(), weights.end(),
                                  [&](const auto& weight) { return weight.first == name; });
  if (found == weights.end()) throw Error(fmt::format("frozen_heads: no weight '{}'", name));
  return Tensor(op::array(found->second));
}

/// The patches of every image, a row each.   images: (B, 1, S, S) -> (B, (S/P)^2, P^2)
Tensor patches(const Tensor& images, std::int64_t P) {
  const std::int64_t B = images.shape()[0];
  const std::int64_t across = images.shape()[2] / P;
  const Tensor grid = reshape(images, {B, across, P, across, P});
  return reshape(permute(grid, {0, 1, 3, 2, 4}), {B, across * across, P * P});
}

}  // namespace

Tensor tokens_before_attention(const NamedArrays& weights, const HostArray& images) {
  const Tensor kernel = named(weights, "patch_embedding.weight");  // (C, 1, P, P)
  const std::int64_t C = kernel.shape()[0];
  const std::int64_t P = kernel.shape()[2];
  const Tensor embedded = linear(patches(Tensor(op::array(images)), P), reshape(kernel, {C, P * P}),
                                 named(weights, "patch_embedding.bias"));
  return layer_norm(embedded + named(weights, "position_embedding"),
                    named(weights, "encoder.0.norm1.weight"),
                    named(weights, "encoder.0.norm1.bias"));
}

Tensor head_weights(const NamedArrays& weights, const Tensor& tokens, std::int64_t head,
                    std::int64_t heads, const Mask& mask) {
  const std::int64_t C = tokens.shape()[tokens.shape().rank() - 1];
  const std::int64_t D = C / heads;
  const Tensor weight = named(weights, "encoder.0.self_attn.in_proj_weight");  // (3C, C)
  const Tensor bias = named(weights, "encoder.0.self_attn.in_proj_bias");      // (3C)
  const Tensor weight_by_head = reshape(weight, {3, heads, D, C});
  const Tensor bias_by_head = reshape(bias, {3, heads, D});
  const Tensor own_weight = reshape(slice(weight_by_head, 1, head, head + 1), {3 * D, C});
  const Tensor own_bias = reshape(slice(bias_by_head, 1, head, head + 1), {3 * D});
  const auto [q, k, v] = split_qkv(linear(tokens, own_weight, own_bias));
  return attention_weights(q, k, mask);
}

}  // namespace nt
