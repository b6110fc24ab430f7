#pragma once
// A run as its user sees it: a bar while it goes on, a table when it has ended, and the metrics in
// a file. Here alone time is measured.

#include <string>
#include <vector>

#include "training_run.hpp"

namespace nt {

/// What was seen of a run.
struct WatchedRun {
  std::vector<float> losses;        ///< of every step
  std::vector<EpochResult> epochs;  ///< as train() returns them
  std::vector<double>
      rates;  ///< images a second over the steps of each of them, evaluation left out
};

/// train() with a bar; `on_step` is called after every step. `metrics` is the path of a
/// MetricsFile, or empty. Throws what those throw.
WatchedRun train_watched(Trainer& trainer, const ImageSet& test, const std::string& metrics = {},
                         const std::function<void(const StepResult&)>& on_step = {});

/// A line an epoch: its losses, its accuracy, its images a second.
std::string table_of(const WatchedRun& run);

}  // namespace nt
