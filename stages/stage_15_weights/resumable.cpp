#include "resumable.hpp"

#include <fmt/format.h>

#include "core/files.hpp"
#include "core/paths.hpp"
#include "model_file.hpp"
#include "safetensors.hpp"
#include "state_file.hpp"

namespace nt {
namespace {

bool is_json(const std::filesystem::path& path) { return path.extension() == ".json"; }

}  // namespace

Metadata recipe_of(const TrainingOptions& options, const std::string& data, std::int64_t seed) {
  Metadata recipe{{"backend", std::string(name(current_backend()))},
                  {"data", data},
                  {"seed", std::to_string(seed)},
                  {"train", std::to_string(options.train)},
                  {"batch", std::to_string(options.batch)},
                  {"optimizer", options.optimizer},
                  {"lr", fmt::format("{}", options.rate())},
                  {"schedule", options.schedule}};
  if (options.schedule != "constant") recipe["epochs"] = std::to_string(options.epochs);
  return recipe;
}

void save(const Trainer& trainer, const Checkpoints& checkpoints) {
  if (is_json(checkpoints.path)) return write_state(checkpoints.path, trainer.state());
  write_file(checkpoints.path,
             encode_safetensors(checkpoint_of(trainer.state(), checkpoints.recipe)));
}

void resume(Trainer& trainer, const Checkpoints& checkpoints) {
  const std::string path = shown(checkpoints.path);
  const WeightFile file = read_weights(checkpoints.path);
  const TrainingState state = state_of(path, file);
  if (!is_json(checkpoints.path)) require_recipe(path, file, checkpoints.recipe);
  naming(path, [&] { trainer.restore(state); });
}

std::function<void(const StepResult&)> save_in_time(const Trainer& trainer,
                                                    const Checkpoints& checkpoints) {
  return [&](const StepResult& result) {
    if (result.step % checkpoints.every == 0 || trainer.finished()) save(trainer, checkpoints);
  };
}

}  // namespace nt
