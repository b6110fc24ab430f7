#include "dropout.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"

namespace nt {

Dropout::Dropout(float p, Random random) : p_(p), random_(random) {
  if (p >= 0 && p < 1) return;  // false for NaN
  throw Error(fmt::format("dropout: p should be in [0, 1), found {}", p));
}

Tensor Dropout::operator()(const Tensor& x) {
  // exercise 8.4: a factor for every number: 0 with probability p, else 1 / (1 - p)
  HostArray factors{x.shape(), {}};
  for (std::int64_t i = 0; i < x.shape().count(); ++i) {
    const bool left_out = random_.uniform() < p_;
    factors.values.push_back(left_out ? 0 : 1 / (1 - p_));
  }
  return x * Tensor(op::array(factors));
  // end exercise
}

}  // namespace nt
