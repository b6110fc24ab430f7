#include "frozen_run.hpp"

namespace nt {

const Recipe& frozen_recipe(const std::string& optimizer, const Baseline& baseline) {
  return optimizer == "sgd" ? baseline.sgd : baseline.adamw;
}

Schedule frozen_schedule(const std::string& optimizer) {
  return optimizer == "sgd" ? linear_rate : constant_rate;
}

Trainer frozen_trainer(const std::string& optimizer, const Baseline& baseline,
                       const ImageSet& train) {
  const Recipe& recipe = frozen_recipe(optimizer, baseline);
  const TinyVit model = with_weights({}, baseline.frozen.group("initial/weights/"));
  return {model,
          make_optimizer(optimizer, model.parameters()),
          DataLoader(train, recipe.batch, baseline.frozen.integers(optimizer + "/order")),
          {.epochs = recipe.epochs,
           .lr = recipe.lr,
           .schedule = frozen_schedule(optimizer),
           .clip = recipe.clip}};
}

}  // namespace nt
