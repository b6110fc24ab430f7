#pragma once
// Training step by step: a batch, its loss, the gradients, an update. Whatever a step depends on is
// in the trainer's state, so that a run that is stopped anywhere and goes on from its state takes
// the very steps that it would have taken.

#include <memory>

#include "data_loader.hpp"
#include "optimizer.hpp"
#include "schedule.hpp"
#include "tinyvit.hpp"

namespace nt {

/// How long and how fast.
struct TrainingPlan {
  std::int64_t epochs = 2;
  float lr = 1e-3F;                   ///< the full rate
  Schedule schedule = constant_rate;  ///< the share of it at each step
  float clip = 0;                     ///< the norm that all gradients together may have; 0: any
};

/// All that a run needs to go on, to the last bit.
struct TrainingState {
  TinyVitConfig sizes;
  NamedArrays weights;
  OptimizerState optimizer;
  LoaderPlace place;
  std::int64_t step = 0;    ///< how many steps were taken
  double epoch_loss = 0;    ///< the sum of this epoch's losses, each as often as it has images
  std::int64_t images = 0;  ///< that were seen in this epoch
};

/// What one step did.
struct StepResult {
  std::int64_t step;    ///< which one, counted from 1
  std::int64_t epoch;   ///< in which epoch, counted from 0
  float loss;           ///< the mean over its batch, before the update
  float lr;             ///< its rate
  std::int64_t images;  ///< of its batch
};

class Trainer {
 public:
  /// The optimizer is one of the model's parameters. Throws Error
  ///   `trainer: epochs should be 1 or more, found 0`
  ///   `trainer: lr should be a number of 0 or more, found nan`
  Trainer(TinyVit model, std::unique_ptr<Optimizer> optimizer, DataLoader loader,
          const TrainingPlan& plan);

  /// The steps of the whole run, and how many of them are done.
  std::int64_t steps() const;
  std::int64_t done() const { return step_; }
  bool finished() const { return done() == steps(); }

  /// The epoch of the last step, counted from 0; whether that step ended it; and its mean loss up
  /// to there, over its images. There was a step.
  std::int64_t epoch() const { return loader_.place().epoch; }
  bool epoch_ended() const;
  double epoch_loss() const;

  /// The next batch, its train_step, in which the gradients are clipped where the plan says so and
  /// the optimizer takes a step with the rate lr * schedule(step, steps()), steps counted from 0.
  /// Throws Error
  ///   `trainer: all 250 steps are done`
  ///   `trainer: the loss of step 7 is nan: a smaller lr may help`, also for an infinite one; the
  /// step is taken then and the weights are spoilt.
  StepResult step();

  const TinyVit& model() const { return model_; }

  TrainingState state() const;

  /// Goes on from such a state. Throws, and keeps its own, what load() and the optimizer's and the
  /// loader's own functions throw, and where the state is of another run, Error
  ///   `trainer: the state's model has heads 8, this one 4`, for each of the sizes
  ///   `trainer: step 126 is not batch 5 of epoch 1, where an epoch has 125`
  ///   `trainer: the state is at step 250 of 125`
  void restore(const TrainingState& state);

 private:
  void require_own(const TrainingState& state) const;

  TinyVit model_;
  std::unique_ptr<Optimizer> optimizer_;
  DataLoader loader_;
  TrainingPlan plan_;
  std::int64_t step_ = 0;
  double epoch_loss_ = 0;
  std::int64_t images_ = 0;
};

/// The weights of a module, by name.
NamedArrays weights_of(const Module& module);

}  // namespace nt
