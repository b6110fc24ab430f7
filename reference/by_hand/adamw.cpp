#include "by_hand/adamw.hpp"

#include <cmath>

namespace nt::by_hand {

Array adamw_step(const Operations& op, const AdamW& settings, const Array& weight,
                 const Array& gradient, Moments& moments) {
  const auto times = [&](const Array& x, double c) {
    return op.multiply(x, op.number(static_cast<float>(c)));
  };
  const int t = ++moments.steps;
  const double beta1 = settings.beta1;
  const double beta2 = settings.beta2;
  const Array new_m = times(gradient, 1 - beta1);
  const Array new_v = times(op.multiply(gradient, gradient), 1 - beta2);
  moments.m = t == 1 ? new_m : op.add(times(moments.m, beta1), new_m);
  moments.v = t == 1 ? new_v : op.add(times(moments.v, beta2), new_v);

  const Array decayed = times(weight, 1 - static_cast<double>(settings.lr) * settings.weight_decay);
  const Array root = times(op.sqrt(moments.v), 1 / std::sqrt(1 - std::pow(beta2, t)));
  const Array direction = op.divide(moments.m, op.add(root, op.number(settings.eps)));
  return op.subtract(decayed, times(direction, settings.lr / (1 - std::pow(beta1, t))));
}

}  // namespace nt::by_hand
