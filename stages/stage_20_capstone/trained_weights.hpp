#pragma once
// The model that the page is about: what a longer run has left, wherever it is.

#include <filesystem>
#include <optional>
#include <string>

#include "evaluate.hpp"
#include "model_file.hpp"

namespace nt {

/// A model, and what the file says of how well it reads.
struct TrainedModel {
  TinyVit model;
  std::string origin;              ///< where it comes from, in words
  std::optional<Evaluation> said;  ///< on the first `images` test images, where it is known
};

/// The file of weights in folder `out` that a run on this data set has left: stage 19's checkpoint,
/// 19_checkpoint.safetensors, or else what stage 14 saved, stage_14_training_loop.json, which does
/// not say what it was trained on. Nothing where there is neither. Throws as read_weights does for
/// a checkpoint that is damaged.
std::optional<std::filesystem::path> left_weights(const std::filesystem::path& out,
                                                  const std::string& data);

/// The model in a file of weights. What a checkpoint of stage 19 says of it counts where it was
/// trained on this data set and stands at the end of the epoch that was evaluated. Throws FileError
/// as read_weights, model_of and log_of do, and
///   `x.json: reads images of 14 in 3 classes: these are 28 in 10`
TrainedModel read_model(const std::filesystem::path& path, const std::string& data);

}  // namespace nt
