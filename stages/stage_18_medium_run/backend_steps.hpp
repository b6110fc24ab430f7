#pragma once
// The same steps of the same training on several backends: do they compute the same, and how long
// does each take?

#include <vector>

#include "training_options.hpp"

namespace nt {

/// What some steps came to on one backend.
struct BackendSteps {
  Backend backend;
  std::vector<float> losses;      ///< of each step
  double seconds = 0;             ///< that the steps behind the first took, which warms up
  std::int64_t timed_images = 0;  ///< those of these steps

  /// Images a second; 0 where no step was timed.
  double rate() const;
};

/// The first `steps` steps of the run that the options, the training images and the seed make, or
/// all where there are fewer, on each of the backends in turn, which are installed. The weights and
/// the order of the images are the same on each. The backend that was chosen before is chosen again
/// at the end, also where something is thrown. Calls stop_if_interrupted after every step. Throws
/// as make_trainer and Trainer::step do.
std::vector<BackendSteps> compare_backends(const TrainingOptions& options, const ImageSet& train,
                                           std::int64_t seed, const std::vector<Backend>& backends,
                                           std::int64_t steps);

/// max |a - b| over all steps; infinite where there are not equally many, or one is no number.
double farthest_losses(const std::vector<float>& a, const std::vector<float>& b);

}  // namespace nt
