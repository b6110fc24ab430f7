#pragma once
// How well a model does on images that it was not trained on.

#include "image_set.hpp"
#include "tinyvit.hpp"

namespace nt {

struct Evaluation {
  double loss = 0;          ///< the mean over the images
  std::int64_t right = 0;   ///< images whose largest logit, the first one of equals, is the label's
  std::int64_t images = 0;  ///< all of them

  double accuracy() const { return static_cast<double>(right) / static_cast<double>(images); }

  bool operator==(const Evaluation&) const = default;
};

/// The mean cross-entropy over all images and how many are read rightly. They go through the model
/// in parts of `batch`, the last one perhaps shorter, and none counts more for that. Calls
/// stop_if_interrupted after each part. Throws Error
///   `evaluate: batch should be 1 or more, found 0`
///   `evaluate: there are no images`
Evaluation evaluate(const TinyVit& model, const ImageSet& set, std::int64_t batch = 50);

}  // namespace nt
