#pragma once
// What the program of this stage is told: nothing, and it shows what it can; --weights, and it uses
// them; --checkpoint, and it trains.

#include <string>

#include "training_options.hpp"

namespace nt {

struct WeightOptions {
  std::string weights;         ///< a file of weights, or empty; then one or both of
  std::string as;              ///<   the file to which they are copied
  std::string images, logits;  ///<   an IDX file, and the file for the answers
  std::string labels;          ///< an IDX file of what the images show, or empty

  std::string checkpoint;  ///< the file for the state of a training run, or empty
  std::int64_t every = 25;
  bool resume = false;
  TrainingOptions training;
};

/// Adds --weights --as --images --logits --labels, --checkpoint --every --resume and, but for
/// --save and --metrics, the options of training. Options that do not go together are refused while
/// the command line is read, as `--epochs requires --checkpoint`, and so is a checkpoint or a copy
/// whose name has no known ending or that could not be written. `options` must outlive the app.
void add_weight_options(CLI::App& app, WeightOptions& options);

}  // namespace nt
