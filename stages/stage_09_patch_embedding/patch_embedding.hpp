#pragma once
// An image as a sequence of tokens, one for each patch, which is how a transformer can read it.
// Dosovitskiy et al., "An image is worth 16x16 words", arXiv:2010.11929. PyTorch writes it as a
// convolution whose stride is the size of its kernel.

#include "module.hpp"
#include "patch_rows.hpp"
#include "tape.hpp"

namespace nt {

/// y[b, t, c] = sum over i, j of image[b, i, j of patch t] weight[c, i, j] + bias[c], T patches,
/// row by row. What shapes it refuses, and how, is what the row of this name does.
///   images: (B, 1, Y, X), weight: (C, 1, P, P), bias: (C) -> (B, T, C)
Tensor patch_embedding(const Tensor& images, const Tensor& weight, const Tensor& bias);

/// patch_embedding with weights of its own, which begin as PyTorch's do: uniform in +-1 / P, since
/// a token's number has K = P P inputs, and the bound is 1 / sqrt K.
struct PatchEmbedding : Module {
  PatchEmbedding(std::int64_t P, std::int64_t C, Random& random);

  /// images: (B, 1, Y, X) -> (B, T, C)
  Tensor operator()(const Tensor& images) const { return patch_embedding(images, weight, bias); }

  Tensor weight;  ///< (C, 1, P, P)
  Tensor bias;    ///< (C)
};

}  // namespace nt
