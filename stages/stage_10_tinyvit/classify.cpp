#include "classify.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"

namespace nt {

std::vector<std::int32_t> classify(const TinyVit& model, const LabelledImages& images,
                                   std::int32_t count, std::int32_t batch) {
  if (batch < 1) {
    throw Error(fmt::format("classify: batch should be 1 or more, found {}", batch));
  }
  if (count > std::ssize(images.labels)) {
    throw Error(
        fmt::format("classify: there are {} images, asked for {}", images.labels.size(), count));
  }
  // exercise 10.4: part by part, the place of the largest logit
  std::vector<std::int32_t> read;
  for (std::int32_t start = 0; start < count; start += batch) {
    const HostArray part = images.normalised(range(start, std::min(start + batch, count)));
    const Tensor logits = model(Tensor(op::array(part)));
    for (const float place : op::argmax(logits.data(), 1, false).host().values) {
      read.push_back(static_cast<std::int32_t>(place));
    }
  }
  return read;
  // end exercise
}

std::vector<std::int32_t> mistakes(const std::vector<std::int32_t>& read,
                                   const std::vector<std::int32_t>& labels) {
  std::vector<std::int32_t> positions;
  for (std::size_t i = 0; i < read.size(); ++i) {
    if (read[i] != labels[i]) positions.push_back(static_cast<std::int32_t>(i));
  }
  return positions;
}

}  // namespace nt
