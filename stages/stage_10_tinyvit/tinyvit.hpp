#pragma once
// The whole model: patches become tokens, each is told its position, encoder blocks let the tokens
// speak with each other, and a linear layer reads a logit for every class from the mean of all
// tokens. Dosovitskiy et al., "An image is worth 16x16 words", arXiv:2010.11929; here the mean
// stands in for their class token. B images of S x S pixels, T tokens of C numbers.

#include <vector>

#include "encoder.hpp"
#include "patch_embedding.hpp"

namespace nt {

/// The sizes of a TinyViT; the defaults are the baseline's.
struct TinyVitConfig {
  std::int64_t image = 28;  ///< S, pixels along each side
  std::int64_t patch = 4;   ///< P, pixels along each side of a patch
  std::int64_t dim = 64;    ///< C, the numbers of a token
  int depth = 1;            ///< encoder blocks
  int heads = 4;
  std::int64_t mlp = 128;  ///< hidden units of a block's MLP
  std::int64_t classes = 10;

  /// T = (S / P)^2, the tokens of an image.
  std::int64_t tokens() const { return (image / patch) * (image / patch); }
};

/// PyTorch's model of reference/tinyvit_mnist_pytorch.py. Its parameters are called, as there,
///   patch_embedding.weight, .bias, position_embedding, classifier.weight, .bias
/// and, for every block, encoder.0. and what the block calls its own.
struct TinyVit : Module {
  /// Weights of the distributions that PyTorch draws from: the position embedding is normal, the
  /// layers begin as they say. Throws Error for sizes that make no model:
  ///   `tinyvit: depth should be 1 or more, found 0`
  ///   `tinyvit: patches of 5 do not divide an image of 28`
  /// and, from the blocks, `attention: 3 heads do not divide 64 numbers`.
  TinyVit(const TinyVitConfig& sizes, Random& random);

  /// images: (B, 1, S, S) -> logits: (B, classes). Throws ShapeError
  ///   `tinyvit: images should be (B, 1, 28, 28), found (2, 28, 28)`.
  /// `watch` is told what comes out of every layer, by the baseline's names and in the order of
  /// computation: patch_embedding, position_embedding (the tokens once it is added), encoder.0. and
  /// what the block tells, and so on for every block, mean, logits. `dropout` is for training, and
  /// goes to every block.
  Tensor operator()(const Tensor& images, const Watch& watch = {},
                    Dropout* dropout = nullptr) const;

  TinyVitConfig config;
  PatchEmbedding patch_embedding;
  Tensor position_embedding;  ///< (T, C)
  std::vector<EncoderBlock> encoder;
  Linear classifier;  ///< (B, C) -> (B, classes)

 private:
  std::vector<EncoderBlock> own_blocks(Random& random);
};

/// A model of these sizes with these weights. Throws as the constructor and load() do.
TinyVit with_weights(const TinyVitConfig& sizes, const NamedArrays& weights);

}  // namespace nt
