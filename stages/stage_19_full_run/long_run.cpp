#include "long_run.hpp"

#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"
#include "model_file.hpp"
#include "safetensors.hpp"

namespace nt {

WeightFile file_of(const LongRun& run, const Metadata& recipe) {
  WeightFile file = checkpoint_of(run.trainer.state(), recipe);
  file.metadata.merge(log_metadata(run.log));
  return file;
}

void save(const LongRun& run, const Keeping& keeping) {
  write_file(keeping.path, encode_safetensors(file_of(run, keeping.recipe)));
}

void resume(LongRun& run, const Keeping& keeping) {
  const std::string path = shown(keeping.path);
  const WeightFile file = read_weights(keeping.path);
  // exercise 19.3: the recipe first; then read all of it, and only then change the run
  require_recipe(path, file, keeping.recipe);
  EpochLog log = log_of(path, file.metadata);
  const TrainingState state = state_of(path, file);
  naming(path, [&] { run.trainer.restore(state); });
  run.log = std::move(log);
  // end exercise
}

void finish(LongRun& run, const ImageSet& test, const Keeping& keeping, const Clock& now,
            const TrainingWatch& watch) {
  SaveClock clock(keeping.every, now, [&] { save(run, keeping); });
  // exercise 19.4: after a step the clock ticks, an epoch goes into the log; save what train() left
  const auto step = [&](const StepResult& result) {
    if (watch.step) watch.step(result);
    clock.tick();
  };
  const auto epoch = [&](const EpochResult& result) {
    run.log[result.epoch] = result;
    if (watch.epoch) watch.epoch(result);
  };
  try {
    train(run.trainer, test, {step, epoch});
  } catch (const Interrupted&) {
    save(run, keeping);
    throw;
  }
  save(run, keeping);
  // end exercise
}

}  // namespace nt
