#pragma once
// A training run of the baseline, step by step: the frozen weights, the frozen order of the
// batches, the frozen recipe; so that every loss can be held against PyTorch's.

#include <functional>
#include <vector>

#include "baseline.hpp"
#include "tinyvit.hpp"

namespace nt {

/// One step on a batch: forgets the gradients, computes the mean cross-entropy of the batch, then
/// its gradient for every parameter, and calls `update`, once, which changes the parameters.
///   images: (B, 1, S, S), labels: (B) -> the loss before the update.
/// Throws as the model and cross_entropy do, before the update.
float train_step(const TinyVit& model, const HostArray& images, const Labels& labels,
                 const std::function<void()>& update);

/// What a step of a run does once the gradients are there, such as to clip them and to call an
/// optimizer; `step` counts from 0.
using Update = std::function<void(std::int64_t step)>;

/// Told the loss of every step.
using OnLoss = std::function<void(float loss)>;

struct ReplayLog {
  std::vector<float> losses;     ///< one a step
  std::vector<double> accuracy;  ///< the share of test images that is read rightly, one an epoch
};

/// Trains the model on the baseline's training images, batch by batch as they stand in `order`:
/// (epochs, images), the positions of each epoch. Its last batch may be a short one. Ends after
/// `steps` steps, if not before; the accuracy is measured after each whole epoch. Throws Error
///   `replay: batch should be 1 or more, found 0`
ReplayLog replay(const TinyVit& model, const Baseline& baseline, const HostIntegers& order,
                 std::int64_t batch, std::int64_t steps, const Update& update,
                 const OnLoss& on_loss);

}  // namespace nt
