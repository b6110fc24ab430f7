#pragma once
// PyTorch's run through our loop: its weights, the order of its batches, its recipe.

#include <string>

#include "baseline.hpp"
#include "trainer.hpp"

namespace nt {

/// The frozen recipe of that name, "adamw" or "sgd", and its schedule.
const Recipe& frozen_recipe(const std::string& optimizer, const Baseline& baseline);
Schedule frozen_schedule(const std::string& optimizer);

/// A trainer that begins where PyTorch began and takes its batches from `train`, the training
/// images of the baseline's data set, which must outlive it.
Trainer frozen_trainer(const std::string& optimizer, const Baseline& baseline,
                       const ImageSet& train);

}  // namespace nt
