#pragma once
// Attention: every token asks a question of all tokens, and mixes what they say by how well they
// answer. It is the one layer of the model in which tokens learn of each other; all others treat
// each token by itself. Vaswani et al., "Attention is all you need", arXiv:1706.03762. T tokens of
// C numbers; D numbers in a query, a key and a value.

#include "layers.hpp"

namespace nt {

/// Which keys a query must not look at: (T, T) with 1 where it must not and 0 where it may, query
/// by query; an empty handle hides nothing. A query that may look at no key gets NaN.
using Mask = Array;

/// The mask of a text that is being written: a token sees itself and those before it.   -> (T, T)
Mask causal_mask(std::int64_t T);

/// How much query i listens to key j: weights = softmax(q k^T / sqrt D), 0 where the mask hides (on
/// eigen below 1e-38, which is its exp of minus infinity).
///   q, k: (..., T, D) -> (..., T, T), no weight negative, each row with sum 1. Throws ShapeError
///   `attention: tokens lie along an axis of their own: q is (8)`
///   `attention: shapes differ: q is (2, 5, 8), k is (2, 4, 8)`
///   `attention: the mask should be (5, 5), found (4, 4)`
Tensor attention_weights(const Tensor& q, const Tensor& k, const Mask& mask = {});

/// What each query hears: attention_weights(q, k, mask) v.   q, k, v: (..., T, D) -> (..., T, D)
/// Throws as attention_weights does, and ShapeError
///   `attention: shapes differ: q is (2, 5, 8), v is (2, 4, 8)`
extern Fused<Tensor(const Tensor& q, const Tensor& k, const Tensor& v, const Mask& mask)> attend;

/// What a token asks, what it offers to be found by, and what it says.
struct QueryKeyValue {
  Tensor q, k, v;  ///< (..., T, D)
};

/// The three that lie side by side along the last axis: query, key, value.
///   qkv: (..., T, 3D) -> three of (..., T, D). Throws ShapeError
///   `attention: a query, a key and a value are equally long: qkv is (2, 5, 10)`
QueryKeyValue split_qkv(const Tensor& qkv);

/// Query, key and value of every token come from it by one linear layer, and what it hears goes
/// through another; here D = C. It begins as PyTorch's: in_proj_weight uniform in +-sqrt(6 / 4C),
/// out_proj.weight as in every Linear, biases 0.
struct SelfAttention : Module {
  SelfAttention(std::int64_t C, Random& random);

  /// y = attend(q, k, v) W_out^T + b_out  with  q, k, v = split_qkv(x W_in^T + b_in)
  ///   x: (..., T, C) -> (..., T, C)
  /// Throws as linear and attend do.
  Tensor operator()(const Tensor& x, const Mask& mask = {}) const;

  Tensor in_proj_weight;  ///< W_in: (3C, C), for q, k and v, one below the other
  Tensor in_proj_bias;    ///< b_in: (3C)
  Linear out_proj;        ///< W_out: (C, C), b_out: (C)
};

}  // namespace nt
