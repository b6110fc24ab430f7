#pragma once
// For checks: a training set, a model and a run so small that they take no time.

#include <algorithm>
#include <numeric>

#include "trainer.hpp"

namespace nt {

/// Computes on that backend from now on.
inline void use(Backend backend) {
  install_patches();
  set_backend(backend);
}

/// Images of 4 x 4 random pixels; the labels count 0, 1, 2, 0, ...
inline ImageSet small_set(std::int64_t count) {
  Random random(7);
  ImageSet set{{count, 4, 4}, {}, {}};
  for (std::int64_t i = 0; i < 16 * count; ++i) {
    set.pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
  }
  for (std::int64_t i = 0; i < count; ++i) set.labels.push_back(static_cast<std::int32_t>(i % 3));
  return set;
}

/// The same with the position of each image as its label.
inline ImageSet numbered_set(std::int64_t count) {
  ImageSet set = small_set(count);
  std::iota(set.labels.begin(), set.labels.end(), 0);
  return set;
}

inline constexpr TinyVitConfig kSmall{
    .image = 4, .patch = 2, .dim = 4, .heads = 2, .mlp = 8, .classes = 3};

inline TinyVit small_model(const TinyVitConfig& sizes = kSmall) {
  Random random(1);
  return {sizes, random};
}

/// What a small run is like; the plan's clip acts in all of its steps.
struct SmallRun {
  const char* optimizer = "adamw";
  std::int64_t batch = 3;
  TrainingPlan plan = {.epochs = 2, .lr = 0.05F, .schedule = linear_rate, .clip = 0.1F};
  TinyVitConfig sizes = kSmall;
};

inline Trainer small_trainer(const ImageSet& set, const SmallRun& run = {}) {
  const TinyVit model = small_model(run.sizes);
  return {model, make_optimizer(run.optimizer, model.parameters()),
          DataLoader(set, run.batch, Random(5)), run.plan};
}

/// Whether names, shapes and values are the same; 0 and -0 are, NaN is not even itself.
inline bool same(const NamedArrays& a, const NamedArrays& b) {
  const auto equal = [](const auto& x, const auto& y) {
    return x.first == y.first && x.second.shape == y.second.shape &&
           x.second.values == y.second.values;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), equal);
}

}  // namespace nt
