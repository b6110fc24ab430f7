#pragma once
// The model's forward pass again, for a whole batch at once: with broadcasting, reductions and
// stacks of matrices it is a little over half as long as stage 3's. B images, T = 49 tokens of C
// numbers, H heads of D.

#include <string>
#include <vector>

#include "core/array.hpp"

namespace nt {

/// The logits of every image, on the chosen backend.
///   images: (B, 1, 28, 28), weights: by PyTorch's names -> (B, 10)
/// Throws Error when a weight is missing.
HostArray infer_batched(const std::vector<std::pair<std::string, HostArray>>& weights,
                        const HostArray& images);

}  // namespace nt
