#pragma once
// How often the model is right.

#include "by_hand/operations.hpp"
#include "dataset.hpp"

namespace nt::by_hand {

/// How many images have their largest logit, the first one of equals, at their label.
///   logits: (B, C), labels: (B)
int right_answers(const HostArray& logits, const std::vector<std::int32_t>& labels);

/// The share of the first `count` images that the model with these weights classifies as labelled.
double accuracy(const Operations& op, const Arrays& weights, const LabelledImages& test,
                std::int32_t count);

}  // namespace nt::by_hand
