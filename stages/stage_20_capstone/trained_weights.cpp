#include "trained_weights.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/paths.hpp"
#include "epoch_log.hpp"

namespace nt {
namespace {

/// The text of that name, or nothing.
std::string text_at(const Metadata& metadata, const std::string& name) {
  const auto found = metadata.find(name);
  return found == metadata.end() ? "" : found->second;
}

/// What the last epoch came to, if the weights are still those that it ended with.
std::optional<Evaluation> last_evaluation(const std::string& path, const Metadata& metadata) {
  const EpochLog log = log_of(path, metadata);
  if (log.empty()) return {};
  const auto& [epoch, result] = *log.rbegin();
  const bool ended = text_at(metadata, "images") == text_at(metadata, "recipe.train");
  if (!ended || text_at(metadata, "epoch") != std::to_string(epoch)) return {};
  return result.test;
}

}  // namespace

std::optional<std::filesystem::path> left_weights(const std::filesystem::path& out,
                                                  const std::string& data) {
  const std::filesystem::path checkpoint = out / "19_checkpoint.safetensors";
  if (std::filesystem::exists(checkpoint) &&
      text_at(read_weights(checkpoint).metadata, "recipe.data") == data) {
    return checkpoint;
  }
  const std::filesystem::path state = out / "stage_14_training_loop.json";
  if (std::filesystem::exists(state)) return state;
  return {};
}

TrainedModel read_model(const std::filesystem::path& path, const std::string& data) {
  const std::string name = shown(path);
  const WeightFile file = read_weights(path);
  TrainedModel trained{model_of(name, file), name, {}};
  const TinyVitConfig& sizes = trained.model.config;
  if (sizes.image != 28 || sizes.classes != 10) {
    throw FileError(name, fmt::format("reads images of {} in {} classes: these are 28 in 10",
                                      sizes.image, sizes.classes));
  }
  if (text_at(file.metadata, "recipe.data") == data) {
    trained.said = last_evaluation(name, file.metadata);
  }
  return trained;
}

}  // namespace nt
