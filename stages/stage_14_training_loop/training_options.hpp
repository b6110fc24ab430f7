#pragma once
// What a training program is told on its command line, and the trainer that follows from it. Every
// program that trains has these options.

#include <optional>
#include <string>

#include "trainer.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's own name
class App;
}

namespace nt {

/// The defaults are the baseline's recipe of AdamW, on its part of the data.
struct TrainingOptions {
  std::int64_t epochs = 2;
  std::int64_t batch = 16;
  std::string optimizer = "adamw";
  std::optional<float> lr = {};  ///< where it is not given, see rate()
  std::string schedule = "constant";
  int depth = 1;
  int heads = 4;
  std::int64_t dim = 64;
  std::int64_t train = 2000;  ///< the first images of each set
  std::int64_t test = 1000;
  std::string save = {};     ///< the file for the state, or empty
  std::string metrics = {};  ///< the file for the metrics, or empty

  /// The full rate: `lr`, or else 1e-3 for AdamW and 0.1 for SGD.
  float rate() const;

  bool operator==(const TrainingOptions&) const = default;
};

/// Adds --epochs --batch --optimizer --lr --schedule --depth --heads --dim --train --test --save
/// --metrics. What makes no sense is refused while the command line is read, in one line: what is
/// not a number or out of its range by CLI11, and once all are read (as the app's final_callback)
/// by UsageError
///   `--heads 3 does not divide --dim 64`
/// and, for --save and --metrics, as require_writable says. `options` must outlive the app.
void add_training_options(CLI::App& app, TrainingOptions& options);

/// The sizes that they give the model: patches of 4, hidden units twice --dim.
TinyVitConfig model_sizes(const TrainingOptions& options);

/// The plan that they are: SGD's gradients are clipped to 1 as in the baseline, AdamW's not at all.
TrainingPlan training_plan(const TrainingOptions& options);

/// The first --train and --test images of the data set of that name; see read_image_sets. Throws
/// Error
///   `--train: digits has 2000 images, asked for the first 100000`
ImageSets read_training_sets(const TrainingOptions& options, const std::string& data);

/// A trainer of a new model on all of `train`, which must outlive it. `seed` draws the weights, and
/// after them the order of every epoch.
Trainer make_trainer(const TrainingOptions& options, const ImageSet& train, std::int64_t seed);

}  // namespace nt
