#include "trainer.hpp"

#include <fmt/format.h>

#include <cmath>

#include "clipping.hpp"
#include "core/errors.hpp"
#include "replay.hpp"

namespace nt {
namespace {

void require_equal(const char* what, std::int64_t found, std::int64_t own) {
  if (found == own) return;
  throw Error(fmt::format("trainer: the state's model has {} {}, this one {}", what, found, own));
}

}  // namespace

Trainer::Trainer(TinyVit model, std::unique_ptr<Optimizer> optimizer, DataLoader loader,
                 const TrainingPlan& plan)
    : model_(std::move(model)),
      optimizer_(std::move(optimizer)),
      loader_(std::move(loader)),
      plan_(plan) {
  if (plan.epochs < 1) {
    throw Error(fmt::format("trainer: epochs should be 1 or more, found {}", plan.epochs));
  }
  if (!std::isfinite(plan.lr) || plan.lr < 0) {
    throw Error(fmt::format("trainer: lr should be a number of 0 or more, found {}", plan.lr));
  }
}

std::int64_t Trainer::steps() const { return plan_.epochs * loader_.batches(); }

bool Trainer::epoch_ended() const { return loader_.place().batch == loader_.batches(); }

double Trainer::epoch_loss() const { return epoch_loss_ / static_cast<double>(images_); }

StepResult Trainer::step() {
  if (finished()) throw Error(fmt::format("trainer: all {} steps are done", steps()));
  // exercise 14.3: a new epoch's sums, a batch, its rate; train_step clips and updates; count it
  if (epoch_ended()) {
    epoch_loss_ = 0;
    images_ = 0;
  }
  const Batch batch = loader_.next();
  const float lr = plan_.lr * plan_.schedule(step_, steps());
  const float loss = train_step(model_, batch.images, batch.labels, [&] {
    if (plan_.clip > 0) clip_gradients(model_.parameters(), plan_.clip);
    optimizer_->step(lr);
  });
  ++step_;
  const std::int64_t images = std::ssize(batch.labels);
  epoch_loss_ += double{loss} * static_cast<double>(images);
  images_ += images;
  if (!std::isfinite(loss)) {
    throw Error(fmt::format("trainer: the loss of step {} is {}: a smaller lr may help", step_,
                            std::abs(loss)));
  }
  return {step_, epoch(), loss, lr, images};
  // end exercise
}

TrainingState Trainer::state() const {
  return {
      model_.config, weights_of(model_), optimizer_->state(), loader_.place(), step_, epoch_loss_,
      images_};
}

void Trainer::require_own(const TrainingState& state) const {
  const TinyVitConfig& own = model_.config;
  require_equal("image", state.sizes.image, own.image);
  require_equal("patch", state.sizes.patch, own.patch);
  require_equal("dim", state.sizes.dim, own.dim);
  require_equal("depth", state.sizes.depth, own.depth);
  require_equal("heads", state.sizes.heads, own.heads);
  require_equal("mlp", state.sizes.mlp, own.mlp);
  require_equal("classes", state.sizes.classes, own.classes);
  const LoaderPlace& place = state.place;
  const std::int64_t batches = loader_.batches();
  if (state.step != place.epoch * batches + place.batch) {
    throw Error(fmt::format("trainer: step {} is not batch {} of epoch {}, where an epoch has {}",
                            state.step, place.batch, place.epoch, batches));
  }
  if (state.step > steps()) {
    throw Error(fmt::format("trainer: the state is at step {} of {}", state.step, steps()));
  }
}

void Trainer::restore(const TrainingState& state) {
  require_own(state);
  const TrainingState before = this->state();
  try {
    load(model_, state.weights);
    optimizer_->restore(state.optimizer);
    loader_.go_to(state.place);
  } catch (const Error&) {
    load(model_, before.weights);
    optimizer_->restore(before.optimizer);
    throw;
  }
  step_ = state.step;
  epoch_loss_ = state.epoch_loss;
  images_ = state.images;
}

NamedArrays weights_of(const Module& module) {
  NamedArrays weights;
  for (const auto& [name, weight] : module.parameters()) {
    weights.emplace_back(name, weight.data().host());
  }
  return weights;
}

}  // namespace nt
