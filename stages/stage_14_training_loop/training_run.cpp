#include "training_run.hpp"

#include "program/program.hpp"

namespace nt {

std::vector<EpochResult> train(Trainer& trainer, const ImageSet& test, const TrainingWatch& watch) {
  // exercise 14.5: where an epoch has ended evaluate and tell; at the end of the run stop; else
  // step
  std::vector<EpochResult> epochs;
  while (true) {
    if (trainer.epoch_ended()) {
      epochs.push_back({trainer.epoch(), trainer.epoch_loss(), evaluate(trainer.model(), test)});
      if (watch.epoch) watch.epoch(epochs.back());
    }
    if (trainer.finished()) return epochs;
    const StepResult result = trainer.step();
    if (watch.step) watch.step(result);
    stop_if_interrupted();
  }
  // end exercise
}

}  // namespace nt
