#pragma once
// Weights as JSON, which can be read with the eye and written with any editor: the format of stage
// 14's state files. A file of weights alone has no `training`.
//
//   {
//     "sizes": {"dim": 64, "heads": 4, ...},
//     "weights": {
//       "classifier.bias": {"shape": [10], "values": [0.012, -0.3, ...]},
//       ...
//     },
//     "training": {
//       "step": 250, "epoch_loss": 1893.25, "images": 2000,
//       "place": {"epoch": 1, "batch": 125, "generator": 11400714819323198486},
//       "optimizer": {"name": "adamw", "steps": {"classifier.bias": 250, ...}, "buffers": {...}}
//     }
//   }

#include <string>
#include <string_view>

#include "weight_file.hpp"

namespace nt {

/// What such a file holds: its sizes as metadata, and a training run's state under the names that a
/// checkpoint has for it. Other members are passed over. It depends on `content` alone; `path` is
/// the file as an error calls it. Every float has the bits
/// that were written. Throws FileError as JsonReader does, and
///   `x: byte 90: needs weights`
///   `x: byte 90, training/place/bach: should be epoch, batch or generator`, and the like
///   `x: byte 77, weights/classifier.bias: needs shape and values`
///   `x: byte 52, weights/classifier.bias/offset: should be shape or values`
///   `x: byte 77, weights/classifier.bias: (10) is 10 values, found 9`
WeightFile decode_weight_json(const std::string& path, std::string_view content);

}  // namespace nt
