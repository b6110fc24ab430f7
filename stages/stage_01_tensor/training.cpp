#include "training.hpp"

#include <algorithm>

#include "by_hand/accuracy.hpp"
#include "by_hand/tinyvit.hpp"

namespace nt::by_hand {

Parameters make_parameters(const Operations& op,
                           const std::vector<std::pair<std::string, HostArray>>& weights) {
  Parameters parameters;
  for (const auto& [name, values] : weights) {
    parameters.emplace(name, Tensor(op.array(values), true));
  }
  return parameters;
}

Arrays data_of(const Parameters& parameters) {
  Arrays arrays;
  for (const auto& [name, tensor] : parameters) arrays[name] = tensor.data();
  return arrays;
}

void zero_grad(Parameters& parameters) {
  for (auto& [name, tensor] : parameters) tensor.set_grad(Array{});
}

void accumulate_grad(const Operations& op, Tensor& tensor, const Array& gradient) {
  // exercise 1.4: the first gradient is taken as it is; each further one makes a new array, the sum
  if (!tensor.grad()) {
    tensor.set_grad(gradient);
    return;
  }
  tensor.set_grad(op.add(tensor.grad(), gradient));
  // end exercise
}

void AdamWOptimizer::step(Parameters& parameters) {
  for (auto& [name, tensor] : parameters) {
    if (!tensor.grad()) continue;
    tensor.set_data(adamw_step(op_, settings_, tensor.data(), tensor.grad(), moments_[name]));
  }
}

float train_step(const Operations& op, Parameters& parameters, AdamWOptimizer& optimizer,
                 const HostArray& images, const std::vector<std::int32_t>& labels) {
  // exercise 1.5: zero_grad, forward, cross_entropy, backward, accumulate, step
  zero_grad(parameters);
  const Arrays weights = data_of(parameters);
  Memory memory;
  const Array logits = forward(op, {}, weights, op.array(images), memory);
  const Loss loss = cross_entropy(op, logits, labels);
  for (const auto& [name, gradient] : backward(op, {}, weights, memory, loss.dlogits)) {
    accumulate_grad(op, parameters.at(name), gradient);
  }
  optimizer.step(parameters);
  return loss.value.host().values.front();
  // end exercise
}

TrainingLog train(const Operations& op, const Baseline& baseline, int steps,
                  const std::function<void(float loss)>& on_step) {
  const Recipe& recipe = baseline.adamw;
  TrainingLog log{.losses = {},
                  .accuracy = {},
                  .parameters = make_parameters(op, baseline.frozen.group("initial/weights/"))};
  AdamWOptimizer optimizer(op, {.lr = recipe.lr, .weight_decay = recipe.weight_decay});

  const HostIntegers& order = baseline.frozen.integers("adamw/order");  // (epochs, images)
  for (std::int64_t epoch = 0; epoch < order.shape[0]; ++epoch) {
    const auto first = order.values.begin() + epoch * order.shape[1];
    for (std::int64_t start = 0; start < order.shape[1]; start += recipe.batch) {
      if (static_cast<int>(log.losses.size()) == steps) return log;
      const std::int64_t stop = std::min(start + recipe.batch, order.shape[1]);
      const std::vector<std::int32_t> batch(first + start, first + stop);
      log.losses.push_back(train_step(op, log.parameters, optimizer,
                                      baseline.data.train.normalised(batch),
                                      baseline.data.train.labels_at(batch)));
      on_step(log.losses.back());
    }
    log.accuracy.push_back(
        accuracy(op, data_of(log.parameters), baseline.data.test, baseline.test_count));
  }
  return log;
}

}  // namespace nt::by_hand
