#pragma once
// Keeping a single steep place from throwing the weights far away: gradients that are too long
// together are shortened. Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural
// networks", arXiv:1211.5063.

#include "module.hpp"

namespace nt {

/// The norm of all gradients together is the root of the sum of all their squares, added in double,
/// so that no square overflows. Where limit / (norm + 1e-6) is below 1, every gradient is
/// multiplied by it: the direction stays, and the norm becomes `limit`. This is
/// torch.nn.utils.clip_grad_norm_. Parameters without a gradient are passed over; where a gradient
/// is NaN, all become NaN. Returns the norm before. Throws Error
///   `clip: the limit should be above 0, found 0`
double clip_gradients(const NamedTensors& parameters, float limit);

}  // namespace nt
