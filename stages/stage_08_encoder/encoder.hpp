#pragma once
// The encoder block of a transformer: attention between the tokens, then an MLP for each token by
// itself. What either gives is added to what it was given, so that the block adds to the tokens
// rather than replacing them (He et al., "Deep residual learning", arXiv:1512.03385), and what goes
// in is normalised first (Xiong et al., "On layer normalization in the transformer architecture",
// arXiv:2002.04745). B sequences, T tokens of C numbers.

#include <functional>
#include <string>

#include "dropout.hpp"
#include "heads.hpp"

namespace nt {

/// Told what comes out of every layer, by the baseline's names.
using Watch = std::function<void(const std::string& layer, const Tensor& activation)>;

/// PyTorch's TransformerEncoderLayer with norm_first=True and activation="gelu", and its names.
struct EncoderBlock : Module {
  /// mlp: the hidden units of the MLP. Throws as MultiHeadAttention does.
  EncoderBlock(std::int64_t C, int heads, std::int64_t mlp, Random& random);

  /// r = x + attention(norm1(x)),  y = r + linear2(gelu(linear1(norm2(r)))).
  ///   x: (B, T, C) -> (B, T, C)
  /// `watch` is told, in this order: norm1, attention, residual1 (r), norm2, linear1, gelu,
  /// linear2, residual2 (y). In training, `dropout` is applied to the attention's output, to gelu's
  /// and to linear2's, after watch has seen them; PyTorch drops out attention's weights as well.
  /// Throws ShapeError for an x of another C, or without B:
  ///   `layer_norm: sizes differ: x is (2, 5, 32), weight is (64), bias is (64)`
  ///   `attention: x should be (B, T, 64), found (5, 64)`
  Tensor operator()(const Tensor& x, const Watch& watch = {}, Dropout* dropout = nullptr) const;

  MultiHeadAttention self_attn;
  Linear linear1;  ///< C -> mlp
  Linear linear2;  ///< mlp -> C
  LayerNorm norm1;
  LayerNorm norm2;
};

}  // namespace nt
