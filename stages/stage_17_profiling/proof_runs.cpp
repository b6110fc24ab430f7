#include "proof_runs.hpp"

#include <fmt/format.h>

#include "parallel.hpp"
#include "program/program.hpp"
#include "terminal/progress.hpp"
#include "training_options.hpp"

namespace nt {

Trainer endless_trainer(const ImageSet& train, std::int64_t batch, std::int64_t seed) {
  TrainingOptions options;
  options.batch = batch;
  options.epochs = 1'000'000;
  return make_trainer(options, train, seed);
}

HostArray replayed_losses(const std::string& optimizer, const Baseline& baseline,
                          const ImageSet& train, const std::string& who) {
  Trainer trainer = frozen_trainer(optimizer, baseline, train);
  Progress progress(fmt::format("{}, {}", optimizer, who), trainer.steps());
  HostArray losses{{trainer.steps()}, {}};
  while (!trainer.finished()) {
    losses.values.push_back(trainer.step().loss);
    progress.step(fmt::format("loss {:.4f}", losses.values.back()));
    stop_if_interrupted();
  }
  return losses;
}

NamedArrays weights_after(std::int64_t steps, int threads, const ImageSet& train) {
  fast::set_threads(threads);
  Trainer trainer = endless_trainer(train, 64, 1);
  while (trainer.done() < steps) trainer.step();
  return weights_of(trainer.model());
}

}  // namespace nt
