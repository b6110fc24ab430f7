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

/// What is remembered of one weight: the running means of its gradient and of the gradient's
/// square, empty before the first step, and how many steps it has taken.
struct Moments {
  Array m, v;
  int steps = 0;
};

/// The weight after one more step, number t, with gradient g:
///   w <- w (1 - lr decay)
///   m <- beta1 m + (1 - beta1) g,   v <- beta2 v + (1 - beta2) g^2
///   w <- w - lr / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
Array adamw_step(const Operations& op, const AdamW& settings, const Array& weight,
                 const Array& gradient, Moments& moments);

}  // namespace nt::by_hand
