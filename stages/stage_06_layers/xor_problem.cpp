#include "xor_problem.hpp"

#include <algorithm>

namespace nt {

const HostArray kXorInputs{{4, 2}, {0, 0, 0, 1, 1, 0, 1, 1}};
const HostArray kXorTargets{{4, 1}, {-1, 1, 1, -1}};

namespace {

/// Whether every answer is on its target's side of 0, at least `margin` away; false for NaN.
bool right_by(float margin, const HostArray& answers) {
  return std::equal(answers.values.begin(), answers.values.end(), kXorTargets.values.begin(),
                    [margin](float y, float target) { return y * target >= margin; });
}

}  // namespace

XorNetwork::XorNetwork(std::int64_t units, Random& random)
    : hidden(own("hidden", Linear(2, units, random))),
      output(own("output", Linear(units, 1, random))) {}

std::optional<int> learn_xor(const XorNetwork& network, const XorRecipe& recipe,
                             const std::function<void(int step)>& on_step) {
  const Tensor x(op::array(kXorInputs));
  const Tensor target(op::array(kXorTargets));
  const Array rate = op::number(recipe.rate);
  for (int step = 0; step <= recipe.limit; ++step) {
    on_step(step);
    Tape tape;
    const Tensor y = network(x);
    if (right_by(recipe.margin, y.data().host())) return step;
    zero_grad(network);
    tape.backward(mean((y - target) * (y - target), {0, 1}));
    for (auto [name, weight] : network.parameters()) {
      weight.set_data(op::subtract(weight.data(), op::multiply(weight.grad(), rate)));
    }
  }
  return std::nullopt;
}

}  // namespace nt
