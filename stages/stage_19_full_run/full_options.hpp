#pragma once
// What the program of this stage is told, and the documented recipe, which is what it does when it
// is told nothing.

#include <string>

#include "long_run.hpp"
#include "training_options.hpp"

namespace nt {

/// AdamW, 5 epochs in batches of 64, at a rate that falls in equal steps from 1e-2 to 0.
TrainingOptions full_recipe();

struct FullOptions {
  bool full = false;       ///< all images there are, or the first ones for a rehearsal
  std::string checkpoint;  ///< a .safetensors file; empty: kept_in says which
  double every = 30;       ///< seconds from one save to the next
  bool resume = false;     ///< go on from the checkpoint where there is one
  TrainingOptions training = full_recipe();
};

/// Adds --full --checkpoint --every --resume and the options of training, but for --save and
/// --metrics, since a checkpoint holds what they would, and --train and --test, which --full says.
/// What makes no sense is refused while the command line is read, as by add_training_options, and
///   `--checkpoint: x.json should be called .safetensors`
///   `--every: expected seconds from 0 to 1000000, found nan`
/// and a file that could not be written. `options` must outlive the app.
void add_full_options(CLI::App& app, FullOptions& options);

/// The images that the run is about: all of the data set of that name, held once, as bytes; or for
/// a rehearsal the first 1000 to train on and 500 to test on. Sets --train and --test to that.
ImageSets read_sets(FullOptions& options, const std::string& data);

/// Where it is kept: --checkpoint or out/19_checkpoint.safetensors, whose folder is created; a
/// rehearsal is not to write over the other, and has out/19_rehearsal_<backend>.safetensors. The
/// recipe is stage 15's, and how many test images there are.
Keeping keeping_of(const FullOptions& options, const std::string& data, std::int64_t seed);

}  // namespace nt
