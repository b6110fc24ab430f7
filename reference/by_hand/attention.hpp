#pragma once
// Multi-head self-attention and its derivative, worked out by hand.
// Vaswani et al., "Attention is all you need", arXiv:1706.03762. B images, T tokens of C numbers,
// H heads of D = C / H numbers.

#include "by_hand/operations.hpp"

namespace nt::by_hand {

/// What the backward pass needs of the forward pass.
struct AttentionMemory {
  Array q, k, v;  ///< (B, H, T, D): what each token asks, offers and says
  Array weights;  ///< (B, H, T, T): how much each token listens to each
  Array context;  ///< (B, T, C): what it hears, heads side by side
};

struct AttentionWeights {
  Array in_weight;   ///< (3C, C): for q, k and v, one below the other
  Array in_bias;     ///< (3C)
  Array out_weight;  ///< (C, C)
  Array out_bias;    ///< (C)
};

/// weights = softmax(q k^T / sqrt D),  context = weights v,  y = context W_out^T + b_out.
///   x: (B, T, C) -> y: (B, T, C)
Array attention(const Operations& op, const Array& x, const AttentionWeights& weights, int heads,
                AttentionMemory& memory);

struct AttentionGradients {
  Array dx;
  AttentionWeights dweights;
};

AttentionGradients attention_backward(const Operations& op, const Array& x,
                                      const AttentionWeights& weights,
                                      const AttentionMemory& memory, const Array& dy);

}  // namespace nt::by_hand
