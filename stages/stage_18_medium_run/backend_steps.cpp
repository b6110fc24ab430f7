#include "backend_steps.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

#include "check/compare.hpp"
#include "program/program.hpp"

namespace nt {
namespace {

/// The chosen backend, chosen again when this dies.
class BackendChosenBefore {
 public:
  BackendChosenBefore() = default;
  BackendChosenBefore(const BackendChosenBefore&) = delete;
  BackendChosenBefore& operator=(const BackendChosenBefore&) = delete;
  ~BackendChosenBefore() { set_backend(before_); }

 private:
  Backend before_ = current_backend();
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

double BackendSteps::rate() const {
  return timed_images > 0 ? static_cast<double>(timed_images) / seconds : 0;
}

std::vector<BackendSteps> compare_backends(const TrainingOptions& options, const ImageSet& train,
                                           std::int64_t seed, const std::vector<Backend>& backends,
                                           std::int64_t steps) {
  const BackendChosenBefore restored;
  std::vector<BackendSteps> all;
  // exercise 18.5: choose each backend, make the run anew, take its first steps, time all but one
  for (const Backend backend : backends) {
    set_backend(backend);
    Trainer trainer = make_trainer(options, train, seed);
    BackendSteps taken{.backend = backend, .losses = {}};
    auto start = std::chrono::steady_clock::now();
    while (trainer.done() < std::min(steps, trainer.steps())) {
      const StepResult result = trainer.step();
      taken.losses.push_back(result.loss);
      if (result.step == 1) start = std::chrono::steady_clock::now();
      if (result.step > 1) taken.timed_images += result.images;
      stop_if_interrupted();
    }
    if (taken.timed_images > 0) taken.seconds = seconds_since(start);
    all.push_back(std::move(taken));
  }
  return all;
  // end exercise
}

double farthest_losses(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double farthest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) farthest = std::max(farthest, difference(a[i], b[i]));
  return farthest;
}

}  // namespace nt
