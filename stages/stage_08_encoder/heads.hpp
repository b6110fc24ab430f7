#pragma once
// Several attentions side by side. Each head has D = C / H numbers of every query, key and value to
// itself, so it has weights of its own for whom to listen to; the H heads together cost what one
// head of C numbers does. Vaswani et al., "Attention is all you need", arXiv:1706.03762, 3.2.2.
// B sequences, T tokens of C numbers, H heads.

#include "attention.hpp"

namespace nt {

/// The numbers of each head apart: head h has numbers h D .. h D + D - 1 of every token.
///   x: (B, T, C) -> (B, H, T, D),  y[b, h, t, d] = x[b, t, h D + d].   Throws
///   ShapeError `split_heads: x should be (B, T, C), found (5, 8)`
///   Error      `split_heads: 3 heads do not divide 8 numbers`
Tensor split_heads(const Tensor& x, int heads);

/// The heads side by side again: the inverse of split_heads.
///   x: (B, H, T, D) -> (B, T, C),  y[b, t, h D + d] = x[b, h, t, d].   Throws
///   ShapeError `join_heads: x should be (B, H, T, D), found (2, 5, 8)`
Tensor join_heads(const Tensor& x);

/// SelfAttention with several heads: the same weights under the same names, used in another way.
/// With one head it is SelfAttention.
struct MultiHeadAttention : SelfAttention {
  /// Throws Error `attention: 3 heads do not divide 64 numbers`; no number of heads below 1 does.
  MultiHeadAttention(std::int64_t C, int heads, Random& random);

  /// [q k v] = x W_in^T + b_in,  context_h = softmax(q_h k_h^T / sqrt D) v_h for every head h,
  /// y = [context_0 ... context_H-1] W_out^T + b_out.   The mask hides the same keys from all
  /// heads.
  ///   x: (B, T, C) -> (B, T, C).   Throws ShapeError
  ///   `attention: x should be (B, T, 64), found (2, 5, 32)`
  /// and for a mask that is not (T, T) as attend does.
  Tensor operator()(const Tensor& x, const Mask& mask = {}) const;

  int heads;
};

}  // namespace nt
