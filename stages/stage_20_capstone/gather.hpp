#pragma once
// Gathers what the page is about: PyTorch's run of training, made again, and a model read, mapped
// and compared.

#include "baseline.hpp"
#include "capstone.hpp"
#include "trained_weights.hpp"

namespace nt {

/// PyTorch's run of training with AdamW, made again in this framework, and the model at its end.
struct Replay {
  Curves curves;
  TinyVit model;
};

/// Trains from the frozen initial weights on the frozen batches of `sets.train`; each epoch is
/// tested on the images that PyTorch's was. Throws as frozen_trainer does.
Replay replay_training(const Baseline& baseline, const ImageSets& sets);

/// What a model makes of the test images, and how near the framework is to PyTorch. What was not
/// computed from these, the race, the roadmap and what has been proved, is left empty.
Capstone gather(const TrainedModel& trained, const ImageSet& test, const Baseline& baseline,
                const Curves& curves);

}  // namespace nt
