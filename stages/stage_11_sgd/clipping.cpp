#include "clipping.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/errors.hpp"
#include "gradient_rows.hpp"

namespace nt {

double clip_gradients(const NamedTensors& parameters, float limit) {
  if (!(limit > 0)) {
    throw Error(fmt::format("clip: the limit should be above 0, found {}", limit));
  }
  // exercise 11.3: one norm over all gradients, one factor for all of them
  double squares = 0;
  for (const auto& [name, weight] : parameters) {
    if (!weight.grad()) continue;
    for (const float g : weight.grad().host().values) squares += double{g} * g;
  }
  const double norm = std::sqrt(squares);
  const double factor = limit / (norm + 1e-6);
  if (factor >= 1) return norm;
  for (auto [name, weight] : parameters) {
    if (!weight.grad()) continue;
    weight.set_grad(op::multiply(weight.grad(), op::number(static_cast<float>(factor))));
  }
  return norm;
  // end exercise
}

}  // namespace nt
