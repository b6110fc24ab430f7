#pragma once
// The state of a training run as a JSON file. It can be read with the eye, and it is exact: every
// float is written with the fewest digits to which no other float is as near, so that whoever reads
// it has the same bits. Stage 15 reads it back.

#include <filesystem>
#include <string>

#include "trainer.hpp"

namespace nt {

/// The number in JSON: 0.1, 1e-05, -0.0. Throws Error, since JSON has no such number,
///   `json: nan is no number`
std::string json_number(float x);
std::string json_number(double x);

/// The text in JSON, in quotation marks.
std::string json_string(const std::string& text);

/// Arrays as a JSON object, each on a line of its own behind `indent` spaces:
///   {
///     "classifier.bias": {"shape": [10], "values": [0.012, -0.3, ...]},
///     ...
///   }
/// The values stand row by row. Throws Error
///   `json: 'classifier.bias' holds nan at 3`
std::string weights_json(const NamedArrays& weights, int indent);

/// `{"image": 28, "patch": 4, "dim": 64, "depth": 1, "heads": 4, "mlp": 128, "classes": 10}`
std::string sizes_json(const TinyVitConfig& sizes);

/// The whole state:
///   {
///     "format": "one-more-nano-torch",
///     "sizes": sizes_json,
///     "weights": weights_json,
///     "training": {
///       "step": 250, "epoch_loss": 1893.25, "images": 2000,
///       "place": {"epoch": 1, "batch": 125, "generator": 11400714819323198486},
///       "optimizer": {
///         "name": "adamw",
///         "steps": {"classifier.bias": 250, ...},
///         "buffers": weights_json
///       }
///     }
///   }
/// The generator is a whole number below 2^64. Throws as weights_json does.
std::string state_json(const TrainingState& state);

/// Replaces the file by state_json, or leaves it as it was. Throws as state_json and write_file do.
void write_state(const std::filesystem::path& path, const TrainingState& state);

}  // namespace nt
