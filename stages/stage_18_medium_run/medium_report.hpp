#pragma once
// The report of a run of medium size: what it was, what it came to, how it errs, and what it cost.
// What follows from recipe and seed, and what another machine would measure otherwise, are kept
// apart, so that two runs of the same seed can be compared by their texts.

#include "backend_steps.hpp"
#include "confusion.hpp"
#include "page_document.hpp"
#include "watched_run.hpp"

namespace nt {

/// A run that has ended, of an epoch or more.
struct MediumRun {
  TrainingOptions recipe;  ///< with the images that there were
  std::string data;        ///< the data set: "digits" or "mnist"
  std::int64_t seed;
  Backend backend;                     ///< that trained
  WatchedRun seen;                     ///< losses, epochs and rates
  std::vector<std::int32_t> read;      ///< what the trained model reads in each test image
  ConfusionMatrix confusion;           ///< of the trained model, on the test images
  std::vector<BackendSteps> backends;  ///< the first steps on each; the first is the yardstick
};

/// What follows from recipe and seed, on the same backend: two runs give the same blocks.
std::vector<Block> facts_of(const MediumRun& run);

/// What this machine took: the seconds of each epoch, its evaluation left out, and of the same
/// steps on each backend.
std::vector<Block> times_of(const MediumRun& run);

/// The report: the facts, then the times.
Document report_of(const MediumRun& run);

}  // namespace nt
