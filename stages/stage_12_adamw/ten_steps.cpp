#include "ten_steps.hpp"

#include "rows.hpp"

namespace nt {

HostArray take_ten_steps(const AdamWUpdate& update, const AdamWSettings& settings,
                         const Frozen& operations) {
  Array weight = op::array(operations.floats("optimizers/start"));               // (4, 3)
  const Array gradients = op::array(operations.floats("optimizers/gradients"));  // (10, 4, 3)
  Moments moments;
  HostArray weights{gradients.shape(), {}};
  for (std::int64_t step = 0; step < gradients.shape()[0]; ++step) {
    const Array gradient = op::reshape(op::slice(gradients, 0, step, step + 1), weight.shape());
    weight = update(settings, weight, gradient, moments);
    const HostArray values = weight.host();
    weights.values.insert(weights.values.end(), values.values.begin(), values.values.end());
  }
  return weights;
}

}  // namespace nt
