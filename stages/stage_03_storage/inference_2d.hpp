#pragma once
// The model's forward pass with nothing but stage 3: elementwise operations on equal shapes,
// products of two matrices, transposed views. Two tricks stand in for what is missing. The sums of
// a matrix's rows are its product with a column of ones; a row repeated is a column of ones times
// that row. One image at a time: T = 49 tokens of C numbers.

#include <string>
#include <vector>

#include "core/array.hpp"

namespace nt {

/// The logits of every image, on the chosen backend.
///   images: (B, 1, 28, 28), weights: by PyTorch's names -> (B, 10)
/// Throws Error when a weight is missing.
HostArray infer_2d(const std::vector<std::pair<std::string, HostArray>>& weights,
                   const HostArray& images);

}  // namespace nt
