#pragma once
// The baseline's training run, with Tensors for weights. The model and the optimizer are the ones
// derived by hand in reference/by_hand; they ask for arrays and give arrays. Here the arrays become
// what a framework calls parameters: each carries its gradient from the backward pass to the step.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "baseline.hpp"
#include "by_hand/adamw.hpp"
#include "by_hand/operations.hpp"
#include "tensor.hpp"

namespace nt::by_hand {

/// Tensors that require gradients, by PyTorch's names.
using Parameters = std::map<std::string, Tensor>;

/// The frozen weights as parameters.
Parameters make_parameters(const Operations& op,
                           const std::vector<std::pair<std::string, HostArray>>& weights);

/// Their data, by name.
Arrays data_of(const Parameters& parameters);

/// Forgets every gradient.
void zero_grad(Parameters& parameters);

/// grad <- grad + gradient, or gradient where there was none. The old array is left as it is: other
/// handles may hold it.
void accumulate_grad(const Operations& op, Tensor& tensor, const Array& gradient);

/// One step of AdamW for every parameter, and what it remembers from step to step.
class AdamWOptimizer {
 public:
  AdamWOptimizer(const Operations& op, const AdamW& settings) : op_(op), settings_(settings) {}

  /// Parameters without a gradient stay as they are.
  void step(Parameters& parameters);

 private:
  const Operations& op_;
  AdamW settings_;
  std::map<std::string, Moments> moments_;
};

/// One training step: forget the old gradients, compute the loss of a batch and its gradients,
/// improve the weights.   images: (B, 1, 28, 28), labels: (B) -> the loss before the step
float train_step(const Operations& op, Parameters& parameters, AdamWOptimizer& optimizer,
                 const HostArray& images, const std::vector<std::int32_t>& labels);

struct TrainingLog {
  std::vector<float> losses;     ///< one a step
  std::vector<double> accuracy;  ///< one an epoch
  Parameters parameters;         ///< as they are at the end
};

/// The whole run: from the frozen weights, in the frozen order, all epochs; or its first `steps`
/// steps, without an accuracy. `on_step` is told every loss.
TrainingLog train(const Operations& op, const Baseline& baseline, int steps,
                  const std::function<void(float loss)>& on_step);

}  // namespace nt::by_hand
