#pragma once
// The loops and the composed form side by side: two ways to compute one formula that share no code.

#include "core/backend.hpp"
#include "core/random.hpp"
#include "patch_rows.hpp"

namespace nt {

/// B images of `down` x `across` patches of P x P pixels, tokens of C numbers; any but P may be 0.
struct PatchSizes {
  std::int64_t B, down, across, P, C;
};

/// Multiples of 1/8 from -2 to 2: no sum of up to 65536 of their products is rounded, in whatever
/// order they are added.
HostArray eighths(const Shape& shape, Random& random);

/// Whether the loops on `naive` and the composed form on `backend` give equal y and equal gradients
/// for the same random eighths. `backend` stays chosen.
bool loops_equal_views(const PatchSizes& sizes, Backend backend, Random& random);

}  // namespace nt
