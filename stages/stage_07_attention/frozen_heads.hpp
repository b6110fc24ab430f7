#pragma once
// The attention of a trained model, one head at a time. The model has H heads, which stage 8 builds
// side by side. Each is an attention by itself, over its own D = C / H of the C numbers of every
// query, key and value; so this stage can already look at one. B images, T patches of P x P pixels,
// a token each.

#include "attention.hpp"

namespace nt {

// `weights` are those of a TinyViT, by PyTorch's names. Both throw, for one that is missing, Error
//   `frozen_heads: no weight 'encoder.0.norm1.bias'`

/// The tokens that the model's attention reads: layer_norm(patches W^T + b + position).
///   images: (B, 1, S, S) -> (B, T, C)
Tensor tokens_before_attention(const NamedArrays& weights, const HostArray& images);

/// How much each token listens to each in one of the heads: attention_weights of its q and k, which
/// rows head D .. head D + D - 1 of each third of in_proj_weight and in_proj_bias make.
///   tokens: (B, T, C), 0 <= head < heads -> (B, T, T)
Tensor head_weights(const NamedArrays& weights, const Tensor& tokens, std::int64_t head,
                    std::int64_t heads, const Mask& mask = {});

}  // namespace nt
