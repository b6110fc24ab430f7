#pragma once
// The whole TinyViT and its derivative, worked out by hand: the model of
// reference/tinyvit_mnist_pytorch.py, layer by layer, with PyTorch's names for its weights.
// Dosovitskiy et al., "An image is worth 16x16 words", arXiv:2010.11929; here without a class
// token.

#include <vector>

#include "by_hand/attention.hpp"
#include "by_hand/layers.hpp"
#include "by_hand/operations.hpp"

namespace nt::by_hand {

/// The sizes that the weights' shapes do not tell; the defaults are the baseline's.
struct Config {
  std::int64_t patch = 4;  ///< pixels along each side of a patch
  int heads = 4;
  int depth = 1;  ///< encoder blocks
};

/// What the forward pass leaves behind.
struct Memory {
  Array patches;       ///< (B, 49, 16)
  Arrays activations;  ///< what comes out of every layer, by the baseline's names
  std::vector<AttentionMemory> attention;  ///< a block each
};

/// images: (B, 1, 28, 28) -> logits: (B, 10). Tokens of 64 numbers in between.
Array forward(const Operations& op, const Config& config, const Arrays& weights,
              const Array& images, Memory& memory);

/// The gradient of every weight, given dL/dlogits: (B, 10) and what forward left behind.
Arrays backward(const Operations& op, const Config& config, const Arrays& weights,
                const Memory& memory, const Array& dlogits);

}  // namespace nt::by_hand
