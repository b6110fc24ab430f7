#pragma once
// The baseline of one data set: what PyTorch computed, and the images it was computed from.

#include <string>
#include <vector>

#include "dataset.hpp"
#include "frozen.hpp"

namespace nt {

/// How PyTorch trained, and how well the result does, as baseline.json says.
struct Recipe {
  int epochs;
  int batch;
  int steps;  ///< in all epochs together
  float lr;
  float weight_decay;
  float momentum;
  float clip;                    ///< the norm that all gradients together may have
  std::vector<double> accuracy;  ///< on the test images, after each epoch
  double float32_noise;          ///< how far PyTorch's own float32 losses stray from these
};

struct Baseline {
  DataSet data;
  Frozen frozen;
  HostArray x_ref;                  ///< X_ref, the first test image of every class: (10, 1, 28, 28)
  std::vector<std::int32_t> y_ref;  ///< its labels, 0 to 9
  Recipe adamw;
  Recipe sgd;
  std::string pytorch;      ///< the version that computed it
  std::int32_t test_count;  ///< of the first test images, on which accuracy is measured
};

/// The baseline of data set `name` as load_data understands it. Prints which data it is.
/// Throws FileError when a file is missing or damaged.
Baseline load_baseline(const std::string& name);

}  // namespace nt
