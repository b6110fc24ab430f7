#pragma once
// A run so long that something will happen to it: Ctrl-C, a full battery, kill -9. Its file on disk
// is always a whole state of it, no older than the time that one is willing to lose, and whoever
// goes on from there ends with the same bytes as a run that nobody disturbed.

#include <filesystem>

#include "checkpoint.hpp"
#include "epoch_log.hpp"
#include "save_clock.hpp"

namespace nt {

/// A trainer, and what its epochs came to, in this process or in an earlier one.
struct LongRun {
  Trainer trainer;
  EpochLog log = {};
};

/// Where a run is kept, and how often.
struct Keeping {
  std::filesystem::path path;  ///< a .safetensors file
  Metadata recipe;             ///< the run's, see require_recipe
  double every = 30;           ///< seconds from one save to the next
};

/// All of the run in one file: checkpoint_of, and log_metadata beside it. So stage 15 reads the
/// weights in it, and goes on from it.
WeightFile file_of(const LongRun& run, const Metadata& recipe);

/// Replaces the file by file_of, or leaves it as it was. Throws as write_file does.
void save(const LongRun& run, const Keeping& keeping);

/// Goes on from the file: the run is then the one that was saved. Throws, and leaves the run as it
/// was, what read_weights, require_recipe, state_of, log_of and Trainer::restore throw, with the
/// file in front.
void resume(LongRun& run, const Keeping& keeping);

/// Takes all steps that are left, as train() does, and saves: where the clock says so, after the
/// last epoch's evaluation, and where the user interrupts it. `watch` is told of each step before
/// it may be saved, and of each epoch behind its entry in the log. Throws what train(), `watch` and
/// save throw; a run that Interrupted ends has been saved where it stands.
void finish(LongRun& run, const ImageSet& test, const Keeping& keeping, const Clock& now,
            const TrainingWatch& watch = {});

}  // namespace nt
