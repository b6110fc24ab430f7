#pragma once
// A run to its end: the steps of a trainer, and after every epoch a look at the test images.

#include <functional>
#include <vector>

#include "evaluate.hpp"
#include "trainer.hpp"

namespace nt {

/// What one epoch came to. There is no time in it: the same run gives the same numbers.
struct EpochResult {
  std::int64_t epoch;  ///< counted from 0
  double loss;         ///< the mean over its training images, each before the step that it was in
  Evaluation test;     ///< of the model that the epoch ended with
};

/// Who is told of every step and every epoch; each may be empty.
struct TrainingWatch {
  std::function<void(const StepResult&)> step;
  std::function<void(const EpochResult&)> epoch;
};

/// Takes all steps that are left, evaluates the model on `test` after each epoch and returns what
/// the epochs came to. A trainer that stands at the end of an epoch begins with its evaluation, so
/// that it is not lost where a run was stopped during it. Calls stop_if_interrupted after every
/// step; whatever is thrown, by a watch too, leaves the trainer behind its last step, and train()
/// may be called again.
std::vector<EpochResult> train(Trainer& trainer, const ImageSet& test,
                               const TrainingWatch& watch = {});

}  // namespace nt
