#pragma once
// Training that survives being stopped at any moment, in whatever way: every so many steps the
// whole state is written, and the file on disk is always the last whole one. Whoever goes on from
// it takes the very steps, to the last bit, that would have followed.

#include <filesystem>
#include <functional>

#include "checkpoint.hpp"
#include "training_options.hpp"

namespace nt {

struct Checkpoints {
  std::filesystem::path path;  ///< a .safetensors file; or a .json one, as stage 14 saves it,
                               ///< which keeps no recipe: the next one is taken at its word
  std::int64_t every = 25;     ///< steps from one to the next
  Metadata recipe;             ///< the run's, see require_recipe
};

/// All on which the steps of a run depend and which is not in its state: what it was told of the
/// data and the seed, the batches, the optimizer and the rate; the epochs only where the rate
/// depends on how many there are, so that a run may be made longer.
Metadata recipe_of(const TrainingOptions& options, const std::string& data, std::int64_t seed);

/// Writes the trainer's state.
void save(const Trainer& trainer, const Checkpoints& checkpoints);

/// Goes on from the file: the trainer's state is then the one that was saved. Throws, and leaves
/// the trainer as it was, what read_weights, require_recipe, state_of and Trainer::restore throw,
/// with the file in front.
void resume(Trainer& trainer, const Checkpoints& checkpoints);

/// What train() and its like are told to do after every step: save where it is time to, and at the
/// end. Both must live as long as it is called.
std::function<void(const StepResult&)> save_in_time(const Trainer& trainer,
                                                    const Checkpoints& checkpoints);

}  // namespace nt
