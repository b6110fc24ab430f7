#pragma once
// AdamW, one weight at a time. Loshchilov, Hutter, arXiv:1711.05101; the order of the operations is
// that of torch.optim.AdamW.

#include "by_hand/operations.hpp"

namespace nt::by_hand {

struct AdamW {
  float lr = 1e-3F;
  float beta1 = 0.9F;
  float beta2 = 0.999F;
  float eps = 1e-8F;
  float weight_decay = 0.01F;
};

/// The running means of one weight's gradient and of its square; empty before the first step.
struct Moments {
  Array m, v;
};

/// The weight after step number `step` (from 1) with gradient g:
///   w <- w (1 - lr decay)
///   m <- beta1 m + (1 - beta1) g,   v <- beta2 v + (1 - beta2) g^2
///   w <- w - lr / (1 - beta1^step) m / (sqrt(v) / sqrt(1 - beta2^step) + eps)
Array adamw_step(const Operations& op, const AdamW& settings, int step, const Array& weight,
                 const Array& gradient, Moments& moments);

}  // namespace nt::by_hand
