#pragma once
// What the model reads.

#include <vector>

#include "dataset.hpp"
#include "tinyvit.hpp"

namespace nt {

/// The class of the largest logit, the first one of equals, for each of the first `count` images.
/// They go through the model in parts of `batch`, the last one perhaps shorter. Throws Error
///   `classify: batch should be 1 or more, found 0`
///   `classify: there are 1000 images, asked for 1001`.
std::vector<std::int32_t> classify(const TinyVit& model, const LabelledImages& images,
                                   std::int32_t count, std::int32_t batch = 50);

/// The positions at which what was read is not the label; labels behind the last that was read do
/// not count.   read: (N), labels: (N or more)
std::vector<std::int32_t> mistakes(const std::vector<std::int32_t>& read,
                                   const std::vector<std::int32_t>& labels);

}  // namespace nt
