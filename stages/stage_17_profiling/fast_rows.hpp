#pragma once
// The fast kernels of the fused rows, upon FastArrays; for shapes and formulas see fused_rows.hpp.

#include "adamw.hpp"
#include "fast_array.hpp"
#include "gradient_rows.hpp"

namespace nt::fast {

FastArray linear(const FastArray& x, const FastArray& weight, const FastArray& bias);

FastArray softmax(const FastArray& x);
FastArray softmax_gradient(const FastArray& y, const FastArray& dy);

FastArray layer_norm(const FastArray& x, const FastArray& weight, const FastArray& bias);
FastArray layer_norm_gradient(const FastArray& x, const FastArray& weight, const FastArray& dy);
FastArray layer_norm_weight_gradient(const FastArray& x, const FastArray& dy);

FastArray attention(const FastArray& q, const FastArray& k, const FastArray& v);
FastArray attention_gradient(const FastArray& q, const FastArray& k, const FastArray& v,
                             const FastArray& dy);

FastArray cross_entropy(const FastArray& logits, const Labels& labels);
FastArray cross_entropy_gradient(const FastArray& logits, const Labels& labels);

FastArray adamw(const FastArray& weight, const FastArray& gradient, const FastArray& m,
                const FastArray& v, const AdamWSettings& settings, std::int64_t steps);

/// patch_embedding as one product of all patches.
///   images: (B, 1, Y, X), weight: (C, 1, P, P), bias: (C) -> (B, T, C)
FastArray patch_embedding(const FastArray& images, const FastArray& weight, const FastArray& bias);

}  // namespace nt::fast
