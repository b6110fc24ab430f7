#include "gather.hpp"

#include <algorithm>

#include "capstone_page.hpp"
#include "frozen_run.hpp"
#include "watched_run.hpp"

namespace nt {
namespace {

/// With PyTorch's weights, on the ten digits of the baseline; `logits` are those that PyTorch's
/// gradients began with.
Parity parity_with(const Baseline& baseline, const std::string& weights, const std::string& logits,
                   const std::string& prefix) {
  const Frozen& frozen = baseline.frozen;
  return compare_with_pytorch(with_weights({}, frozen.group(weights)), frozen, prefix,
                              baseline.x_ref, loss_gradient(frozen.floats(logits), baseline.y_ref));
}

std::int64_t count_weights(const TinyVit& model) {
  std::int64_t count = 0;
  for (const auto& [name, weight] : model.parameters()) count += weight.shape().count();
  return count;
}

/// Where the heads look in the mistakes that get a picture.
HostArray heard_in_mistakes(const TinyVit& model, const ImageSet& test,
                            std::vector<std::int64_t> mistakes) {
  mistakes.resize(std::min(mistakes.size(), kPictured));
  if (mistakes.empty()) return {};
  return patches_heard(model, images_at(test, mistakes));
}

}  // namespace

Replay replay_training(const Baseline& baseline, const ImageSets& sets) {
  Trainer trainer = frozen_trainer("adamw", baseline, sets.train);
  const WatchedRun seen = train_watched(trainer, first(sets.test, baseline.test_count));
  return {{.losses = seen.losses,
           .pytorch_losses = baseline.frozen.floats("adamw/losses").values,
           .epochs = seen.epochs,
           .pytorch_accuracy = baseline.adamw.accuracy,
           .pytorch = baseline.pytorch},
          trainer.model()};
}

Capstone gather(const TrainedModel& trained, const ImageSet& test, const Baseline& baseline,
                const Curves& curves) {
  Capstone capstone{.data = baseline.data.name,
                    .origin = trained.origin,
                    .sizes = trained.model.config,
                    .weights = count_weights(trained.model),
                    .test = test,
                    .reading = read_test_images(trained.model, test)};
  capstone.mistakes = surest_mistakes(capstone.reading, test.labels);
  capstone.heard = heard_in_mistakes(trained.model, test, capstone.mistakes);
  capstone.curves = curves;
  capstone.initial =
      parity_with(baseline, "initial/weights/", "initial/activations/logits", "initial/");
  capstone.trained = parity_with(baseline, "adamw/weights.1/", "adamw/logits.1", "adamw/");
  return capstone;
}

}  // namespace nt
